-- Codes and tokens long past are of no use to anybody.
DELETE FROM prescriptions_grant WHERE until_at < $1
