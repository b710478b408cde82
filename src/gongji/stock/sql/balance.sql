-- Purchase–sale–stock balance (进销存平衡) of one institution by batch, for the days $2 up to and without $3, as it was known at $4 (null:
-- as it is known now). A deletion counts in the column and on the day of what it undoes.
WITH known AS (
    SELECT m.local_item, m.batch, m.item, m.local_name, m.occurred_at, m.quantity_e4, m.marks, m.kind = 'delete' AS deleting,
           coalesce(u.kind, m.kind) AS kind
    FROM stock_movement m
    LEFT JOIN stock_movement u ON u.institution = m.institution AND u.movement_id = m.undoes
    WHERE m.institution = $1 AND m.occurred_at < $3::timestamptz AND ($4::timestamptz IS NULL OR m.recorded_at <= $4)
      AND ($5 = '' OR $5 IN (m.item, m.local_item)) AND ($6 = '' OR m.batch = $6)
)
SELECT local_item, batch, max(item) AS item, max(local_name) AS local_name,
       coalesce(sum(quantity_e4) FILTER (WHERE occurred_at < $2::timestamptz), 0)::bigint AS opening_e4,
       coalesce(sum(quantity_e4) FILTER (WHERE occurred_at >= $2::timestamptz AND kind = 'purchase'), 0)::bigint AS purchased_e4,
       coalesce(-sum(quantity_e4) FILTER (WHERE occurred_at >= $2::timestamptz AND kind = 'purchase_return'), 0)::bigint AS returned_e4,
       coalesce(-sum(quantity_e4) FILTER (WHERE occurred_at >= $2::timestamptz AND kind = 'sale'), 0)::bigint AS sold_e4,
       coalesce(sum(quantity_e4) FILTER (WHERE occurred_at >= $2::timestamptz AND kind = 'sale_return'), 0)::bigint AS brought_back_e4,
       coalesce(sum(quantity_e4) FILTER (WHERE occurred_at >= $2::timestamptz AND kind = 'adjust'), 0)::bigint AS changed_e4,
       coalesce(sum(quantity_e4) FILTER (WHERE occurred_at >= $2::timestamptz AND kind = 'inventory'), 0)::bigint AS difference_e4,
       sum(quantity_e4)::bigint AS closing_e4
FROM known
GROUP BY local_item, batch
ORDER BY 3, 1, 2
