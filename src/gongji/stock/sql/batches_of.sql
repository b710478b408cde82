SELECT h.institution, h.local_item, h.batch, h.item, h.local_name, h.lot_no, h.made_on, h.expires_on, h.quantity_e4, h.coded,
       h.counted_at, h.moved_at
FROM stock_on_hand h
WHERE h.institution = $1 AND ($2 = '' OR $2 IN (h.item, h.local_item))
ORDER BY h.item, h.local_item, h.expires_on NULLS LAST, h.batch
