DELETE FROM access_grant WHERE account_id = $1 AND role = $2 RETURNING role
