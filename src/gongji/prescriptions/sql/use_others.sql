-- The other tokens that were given out together: downloading one prescription ends the authorisation for the rest (7204).
UPDATE prescriptions_grant SET used_at = $3, used_by = $4 WHERE psn_no = $1 AND auth_id = $2 AND used_at IS NULL
