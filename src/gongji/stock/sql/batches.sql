-- Running stock of batches: those named (places as parallel arrays) and every batch of the local items in $4.
SELECT h.institution, h.local_item, h.batch, h.item, h.local_name, h.lot_no, h.made_on, h.expires_on, h.quantity_e4, h.coded,
       h.counted_at, h.moved_at
FROM stock_on_hand h
WHERE h.institution = $1
  AND ((h.local_item, h.batch) IN (SELECT p.local_item, p.batch FROM unnest($2::text[], $3::text[]) AS p(local_item, batch))
       OR h.local_item = ANY ($4::text[]))
