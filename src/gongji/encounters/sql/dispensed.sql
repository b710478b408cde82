SELECT l ->> 'item' AS item, (l ->> 'quantity_e4')::bigint AS quantity_e4, v.caller, b.visit_id, b.batch_no,
       settlement_batch_settled(b.psn_no, b.visit_id, b.batch_no, v.group_id) AS settled
FROM encounters_fee_batch b
JOIN encounters_visit v ON v.psn_no = b.psn_no AND v.visit_id = b.visit_id AND v.state = 'open'
CROSS JOIN LATERAL jsonb_array_elements(b.lines) AS l
WHERE b.psn_no = $1 AND b.cancelled_at IS NULL AND l ->> 'rx_no' = $2
  AND ($3::bigint IS NULL OR v.group_id = $3 OR v.begun_at >= $4::timestamptz)
ORDER BY b.visit_id, b.part_id
