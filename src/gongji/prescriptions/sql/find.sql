SELECT psn_no, rx_no, issuer, visit_id, group_id, doctor_code, doctor_name, issued_at, valid_until, revoked_at,
       items::text AS items
FROM prescriptions_prescription
WHERE psn_no = $1 AND rx_no = $2 AND ($3::text IS NULL OR issuer = $3)
ORDER BY issued_at DESC, issuer
LIMIT 1
