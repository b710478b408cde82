-- Every prescription after a key, with the row that says where it stands.
SELECT p.psn_no, p.rx_id, c.version, c.state, c.issuer, c.holder, c.held_until, c.fill, c.due_at, c.changed_at
FROM prescriptions_prescription p
LEFT JOIN prescriptions_current c ON c.psn_no = p.psn_no AND c.rx_id = p.rx_id
WHERE (p.psn_no, p.rx_id) > ($1, $2)
ORDER BY p.psn_no, p.rx_id LIMIT $3
