-- Items sent again replace what was recorded of them (a batch taken back and uploaded anew), others are kept.
INSERT INTO prescriptions_upload AS known
    (psn_no, rx_no, issuer, visit_id, group_id, doctor_code, doctor_name, issued_at, valid_until, items)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::text::jsonb)
ON CONFLICT (psn_no, rx_no, visit_id) DO UPDATE
SET items = (
    SELECT coalesce(jsonb_agg(kept.item ORDER BY kept.position), '[]')
    FROM jsonb_array_elements(known.items) WITH ORDINALITY AS kept(item, position)
    WHERE NOT EXISTS (SELECT FROM jsonb_array_elements(excluded.items) AS sent WHERE sent ->> 'item' = kept.item ->> 'item')
) || excluded.items
WHERE known.revoked_at IS NULL
RETURNING visit_id
