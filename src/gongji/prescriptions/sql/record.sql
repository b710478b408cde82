INSERT INTO prescriptions_prescription
    (psn_no, rx_no, issuer, visit_id, group_id, doctor_code, doctor_name, issued_at, valid_until, items)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::text::jsonb)
ON CONFLICT (psn_no, rx_no, issuer) DO UPDATE
SET items = prescriptions_prescription.items || excluded.items
WHERE prescriptions_prescription.visit_id = excluded.visit_id AND prescriptions_prescription.revoked_at IS NULL
RETURNING visit_id
