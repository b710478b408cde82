-- What the institution last charged for a unit of each item, in its latest visits.
SELECT DISTINCT ON (line ->> 'item') line ->> 'item' AS item, (line ->> 'price_micro')::bigint AS price_micro
FROM (SELECT v.psn_no, v.visit_id FROM encounters_visit v WHERE v.caller = $1 AND v.state = 'open'
      ORDER BY v.visit_id DESC LIMIT 2000) AS recent
JOIN encounters_fee_batch b ON b.psn_no = recent.psn_no AND b.visit_id = recent.visit_id AND b.cancelled_at IS NULL
CROSS JOIN LATERAL jsonb_array_elements(b.lines) AS line
WHERE line ->> 'item' = ANY ($2::text[]) AND (line ->> 'price_micro')::bigint > 0
ORDER BY line ->> 'item', b.visit_id DESC, b.part_id DESC
