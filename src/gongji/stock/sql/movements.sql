-- One institution's movements as they were recorded; valid: not deleted since. Empty arguments do not restrict.
SELECT m.movement_id, m.kind, m.change_type, m.item, m.local_item, m.local_name, m.batch, m.lot_no, m.made_on, m.expires_on,
       m.quantity_e4, m.counted_e4, m.price_micro, m.split, m.document, m.counterpart, m.rx_no, m.psn_no, m.visit_no,
       m.settlement_no, m.occurred_at, m.recorded_at, m.origin, m.returns, m.reason, m.traces, m.marks,
       m.detail::text AS detail, m.sealed, d.recorded_at AS deleted_at
FROM stock_movement m
LEFT JOIN stock_movement d ON d.institution = m.institution AND d.undoes = m.movement_id
WHERE m.institution = $1 AND m.kind = ANY ($2::text[])
  AND ($3::timestamptz IS NULL OR m.occurred_at >= $3) AND ($4::timestamptz IS NULL OR m.occurred_at < $4)
  AND ($5 = '' OR m.local_item = $5) AND ($6 = '' OR m.batch = $6) AND ($7 = '' OR m.item = $7)
  AND ($8::bigint IS NULL OR m.movement_id = $8) AND ($9 = '' OR m.visit_no = $9) AND ($10 = '' OR m.psn_no = $10)
  AND ($11::bytea IS NULL OR m.cert_index = $11) AND ($12 = '' OR $12 = ANY (m.traces))
ORDER BY m.occurred_at, m.movement_id
LIMIT $13
