INSERT INTO prescriptions_prescription (psn_no, rx_id, issuer, hosp_rx_no, visit_id, group_id, issued_at, content, sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text::jsonb, $9)
