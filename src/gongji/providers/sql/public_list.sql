-- Institutions designated on the day $1, by code: of the area $2 (digits of a region, empty: everywhere), the kind $3, the service $4
-- (pooled, express, long_rx, delivery), with $5 in the name; a page of $6 after $7.
SELECT i.code, i.name, i.kind, i.hosp_lv, i.region, i.address, s.fee_class, s.level, s.pooled_agreement, s.host,
       coalesce((SELECT array_agg(DISTINCT o.offer ORDER BY o.offer) FROM providers_offer o
                 WHERE o.code = i.code AND o.from_on <= $1 AND (o.until_on IS NULL OR o.until_on >= $1)), '{}') AS offers,
       count(*) OVER () AS total
FROM providers_institution i
CROSS JOIN LATERAL (
    SELECT * FROM providers_state s
    WHERE s.code = i.code AND s.from_on <= $1 AND (s.until_on IS NULL OR s.until_on >= $1)
    ORDER BY s.from_on DESC, s.state_no DESC LIMIT 1
) AS s
WHERE s.designated AND starts_with(i.region, $2) AND ($3 = '' OR i.kind = $3) AND ($5 = '' OR strpos(i.name, $5) > 0)
  AND ($4 = '' OR ($4 = 'pooled' AND s.pooled_agreement) OR EXISTS (
      SELECT FROM providers_offer o WHERE o.code = i.code AND o.offer = $4 AND o.from_on <= $1
        AND (o.until_on IS NULL OR o.until_on >= $1)))
ORDER BY i.code LIMIT $6 OFFSET $7
