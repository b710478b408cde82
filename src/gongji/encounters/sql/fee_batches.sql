SELECT psn_no, visit_id, batch_no, lines::text AS lines
FROM encounters_fee_batch
WHERE psn_no = ANY($1::text[]) AND visit_id = ANY($2::bigint[]) AND cancelled_at IS NULL
ORDER BY psn_no, visit_id, batch_no, part_id
