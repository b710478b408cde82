-- Prescriptions that an institution issued or holds, in a state, of a person; newest first.
SELECT psn_no, rx_id, rx_no, issuer, hosp_rx_no, visit_id, issued_at, valid_until, ends_at, long, fills, drugs, version, state, holder,
       held_until, fill, due_at, changed_at
FROM prescriptions_v_prescription
WHERE ($1::text IS NULL OR issuer = $1 OR holder = $1) AND ($2::text IS NULL OR state = $2)
  AND ($3::text IS NULL OR psn_no = $3)
ORDER BY rx_id DESC LIMIT $4 OFFSET $5
