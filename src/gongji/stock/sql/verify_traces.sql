-- Trace codes of fee lines of settlements in force that no use in force has (unused), and uses in force of which no line of a
-- settlement in force is known. A code may also have come with the settlement itself (2207), so not every use has one in its line.
-- Settlements before $1 (the day from which settlements use codes; null: all) are left out.
WITH standing AS MATERIALIZED (
    SELECT s.psn_no, s.settlement_id, s.visit_id, s.batch_no, s.key AS line_key, s.service_on
    FROM settlement_v_line s
    WHERE s.kind = 1
      AND NOT EXISTS (SELECT FROM settlement_fact undone
                      WHERE undone.psn_no = s.psn_no AND undone.original_id = s.settlement_id)
), lined AS (
    SELECT DISTINCT s.psn_no, s.settlement_id, s.line_key, trace.code ->> 0 AS code
    FROM standing s
    JOIN encounters_fee_batch b
        ON b.psn_no = s.psn_no AND b.visit_id = s.visit_id AND b.batch_no = s.batch_no AND b.cancelled_at IS NULL
    JOIN LATERAL jsonb_array_elements(b.lines) AS fee(line) ON fee.line ->> 'key' = s.line_key
    CROSS JOIN LATERAL jsonb_array_elements(fee.line -> 'traces') AS trace(code)
    WHERE $1::date IS NULL OR s.service_on >= $1
)
SELECT l.psn_no, l.settlement_id, l.code, true AS unused
FROM lined l
WHERE NOT EXISTS (SELECT FROM stock_v_trace_use u
                  WHERE u.code = l.code AND u.psn_no = l.psn_no AND u.settlement_id = l.settlement_id AND u.line_key = l.line_key)
UNION ALL
SELECT u.psn_no, u.settlement_id, u.code, false
FROM stock_v_trace_use u
WHERE NOT EXISTS (SELECT FROM standing s
                  WHERE s.psn_no = u.psn_no AND s.settlement_id = u.settlement_id AND s.line_key = u.line_key)
ORDER BY 1, 2, 3
LIMIT 1000
