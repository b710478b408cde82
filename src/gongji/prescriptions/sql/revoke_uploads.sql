UPDATE prescriptions_upload SET revoked_at = $3
WHERE psn_no = $1 AND visit_id = $2 AND revoked_at IS NULL
RETURNING rx_no
