-- What the institution last said that a unit of each item costs at its counter: in a sale or an inventory in force.
SELECT DISTINCT ON (m.item) m.item, m.price_micro
FROM stock_movement m
WHERE m.institution = $1 AND m.item = ANY ($2::text[]) AND m.kind IN ('sale', 'inventory') AND m.price_micro > 0
  AND NOT EXISTS (SELECT FROM stock_movement d WHERE d.institution = m.institution AND d.undoes = m.movement_id)
ORDER BY m.item, m.occurred_at DESC, m.movement_id DESC
