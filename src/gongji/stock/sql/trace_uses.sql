-- Every use of the codes so far, in order; freed: a refund took it back.
SELECT u.code, u.use_no, u.institution, u.item, u.split, u.quantity_e4, u.capacity_e4, u.psn_no, u.settlement_id, u.line_key,
       EXISTS (SELECT FROM stock_trace_use f WHERE f.code = u.code AND f.frees_no = u.use_no) AS freed
FROM stock_trace_use u
WHERE u.code = ANY ($1::text[]) AND u.kind = 1
ORDER BY u.code, u.use_no
