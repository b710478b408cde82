-- A code or token is used once: of two who show it at once one gets a row.
UPDATE prescriptions_grant SET used_at = $3, used_by = $4 WHERE psn_no = $1 AND digest = $2 AND used_at IS NULL RETURNING digest
