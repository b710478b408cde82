-- What an institution's settlements in force took of each drug on the days $2 to $3, beside what it reported as sold: all sales less
-- what was brought back, and the part reported as settled.
WITH settled AS (
    SELECT s.item, max(s.name) AS name, sum((fee.line ->> 'quantity_e4')::bigint)::bigint AS settled_e4,
           coalesce(sum((fee.line ->> 'quantity_e4')::bigint) FILTER (WHERE NOT EXISTS (
               SELECT FROM stock_trace_use u
               WHERE u.settlement_id = s.settlement_id AND u.psn_no = s.psn_no AND u.line_key = s.key)), 0)::bigint AS uncoded_e4
    FROM settlement_v_line s
    JOIN encounters_fee_batch b
        ON b.psn_no = s.psn_no AND b.visit_id = s.visit_id AND b.batch_no = s.batch_no AND b.cancelled_at IS NULL
    JOIN LATERAL jsonb_array_elements(b.lines) AS fee(line) ON fee.line ->> 'key' = s.key
    WHERE s.provider = $1 AND s.kind = 1 AND s.item_kind IN ('drug', 'herb') AND s.service_on BETWEEN $2 AND $3
      AND NOT EXISTS (SELECT FROM settlement_fact undone
                      WHERE undone.psn_no = s.psn_no AND undone.original_id = s.settlement_id)
    GROUP BY s.item
), sold AS (
    SELECT m.item, max(m.local_name) AS name, -sum(m.quantity_e4)::bigint AS sold_e4,
           -coalesce(sum(m.quantity_e4) FILTER (WHERE m.settlement_no <> '' OR m.detail ->> 'MDTRT_SETL_TYPE' = '1'), 0)::bigint
               AS sold_settled_e4
    FROM stock_v_movement m
    WHERE m.institution = $1 AND m.kind IN ('sale', 'sale_return')
      AND m.occurred_at >= $4::timestamptz AND m.occurred_at < $5::timestamptz
    GROUP BY m.item
)
SELECT coalesce(t.item, s.item) AS item, coalesce(t.name, s.name) AS name, coalesce(t.settled_e4, 0) AS settled_e4,
       coalesce(s.sold_e4, 0) AS sold_e4, coalesce(s.sold_settled_e4, 0) AS sold_settled_e4, coalesce(t.uncoded_e4, 0) AS uncoded_e4
FROM settled t
FULL JOIN sold s ON s.item = t.item
ORDER BY 1
