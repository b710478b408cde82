-- A batch below zero does not eat up what other batches hold.
SELECT h.item, sum(h.quantity_e4) AS quantity_e4
FROM stock_on_hand h
WHERE h.institution = $1 AND h.item = ANY ($2::text[]) AND h.quantity_e4 > 0
  AND (h.expires_on IS NULL OR h.expires_on >= $3)
GROUP BY h.item
