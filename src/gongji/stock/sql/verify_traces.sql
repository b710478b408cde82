-- Uses in force against the trace codes of the fee lines of settlements in force: each of the one that the other does not have.
-- Settlements before $1 (the day from which settlements use codes; null: all) are left out.
WITH lined AS (
    SELECT DISTINCT trace.code ->> 0 AS code, s.psn_no, s.settlement_id, s.key AS line_key
    FROM settlement_v_line s
    JOIN encounters_fee_batch b
        ON b.psn_no = s.psn_no AND b.visit_id = s.visit_id AND b.batch_no = s.batch_no AND b.cancelled_at IS NULL
    JOIN LATERAL jsonb_array_elements(b.lines) AS fee(line) ON fee.line ->> 'key' = s.key
    CROSS JOIN LATERAL jsonb_array_elements(fee.line -> 'traces') AS trace(code)
    WHERE s.kind = 1 AND ($1::date IS NULL OR s.service_on >= $1)
      AND NOT EXISTS (SELECT FROM settlement_fact undone
                      WHERE undone.psn_no = s.psn_no AND undone.original_id = s.settlement_id)
), used AS (
    SELECT DISTINCT u.code, u.psn_no, u.settlement_id, u.line_key FROM stock_v_trace_use u
)
SELECT coalesce(u.psn_no, l.psn_no) AS psn_no, coalesce(u.settlement_id, l.settlement_id) AS settlement_id,
       coalesce(u.code, l.code) AS code, u.code IS NULL AS unused
FROM used u
FULL JOIN lined l
    ON l.code = u.code AND l.psn_no = u.psn_no AND l.settlement_id = u.settlement_id AND l.line_key = u.line_key
WHERE u.code IS NULL OR l.code IS NULL
ORDER BY 1, 2, 3
LIMIT 1000
