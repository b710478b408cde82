-- A prescription with where it stands, for reading.
CREATE VIEW prescriptions_v_prescription AS
SELECT p.psn_no, p.rx_id, p.rx_id::text AS rx_no, p.issuer, p.hosp_rx_no, p.visit_id, p.issued_at,
       (p.content ->> 'valid_until')::timestamptz AS valid_until, (p.content ->> 'ends_at')::timestamptz AS ends_at,
       coalesce((p.content ->> 'long')::boolean, false) AS long, coalesce((p.content ->> 'fills')::integer, 1) AS fills,
       jsonb_array_length(p.content -> 'drugs') AS drugs,
       c.version, c.state, c.holder, c.held_until, c.fill, c.due_at, c.changed_at
FROM prescriptions_prescription p
JOIN prescriptions_current c ON c.psn_no = p.psn_no AND c.rx_id = p.rx_id;
