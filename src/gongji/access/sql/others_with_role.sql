-- Other accounts that can act in a role.
SELECT count(*) FROM access_grant g JOIN access_account a ON a.id = g.account_id
WHERE g.role = $1 AND a.is_active AND a.id <> $2
