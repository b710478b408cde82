SELECT psn_no, rx_no, issuer, visit_id, group_id, doctor_code, doctor_name, issued_at, valid_until, revoked_at,
       items::text AS items
FROM prescriptions_upload
WHERE psn_no = $1 AND rx_no = $2 AND ($3::text IS NULL OR issuer = $3)
ORDER BY revoked_at IS NULL DESC, issued_at DESC, visit_id DESC
LIMIT 1
