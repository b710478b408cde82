-- Running stock that is not the sum of its movements.
WITH folded AS (
    SELECT m.institution, m.local_item, m.batch, sum(m.quantity_e4)::bigint AS quantity_e4
    FROM stock_movement m
    GROUP BY m.institution, m.local_item, m.batch
), coded AS (
    SELECT m.institution, m.local_item, m.batch, max(m.occurred_at) FILTER (WHERE m.kind = 'inventory') AS counted_at,
           bool_or(m.traces <> '{}' AND (m.kind IN ('inventory', 'purchase') OR (m.kind = 'adjust' AND m.quantity_e4 > 0))) AS coded
    FROM stock_v_movement m
    GROUP BY m.institution, m.local_item, m.batch
)
SELECT coalesce(h.institution, f.institution) AS institution, coalesce(h.local_item, f.local_item) AS local_item,
       coalesce(h.batch, f.batch) AS batch, h.quantity_e4 AS stored_e4, f.quantity_e4 AS folded_e4,
       (coalesce(h.coded, false), h.counted_at) IS DISTINCT FROM (coalesce(c.coded, false), c.counted_at) AS facts_differ
FROM stock_on_hand h
FULL JOIN folded f ON f.institution = h.institution AND f.local_item = h.local_item AND f.batch = h.batch
LEFT JOIN coded c ON c.institution = f.institution AND c.local_item = f.local_item AND c.batch = f.batch
WHERE h.quantity_e4 IS DISTINCT FROM f.quantity_e4
   OR (coalesce(h.coded, false), h.counted_at) IS DISTINCT FROM (coalesce(c.coded, false), c.counted_at)
ORDER BY 1, 2, 3
LIMIT 1000
