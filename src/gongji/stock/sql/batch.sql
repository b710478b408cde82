SELECT h.institution, h.local_item, h.batch, h.item, h.local_name, h.lot_no, h.made_on, h.expires_on, h.quantity_e4, h.coded,
       h.counted_at, h.moved_at
FROM stock_on_hand h
WHERE h.institution = $1 AND h.batch = $2
