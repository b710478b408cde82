-- One page of payment standards and highest prices in some areas ($1, nearest first) with the number of all that fit. $2 day in
-- force (then only the nearest area's, for an institution's own class $3 before all), $4 code, $5 first day from, $6 last day
-- until, $7 source, $8 changed after, $9 levels that each row is said for, $10 limit, $11 offset.
WITH every AS (
    SELECT 'catalog_price' AS source, code, region, '' AS fee_class, from_on, until_on, standard_micro AS limit_micro, version
    FROM catalog_price
    UNION ALL
    SELECT 'catalog_ceiling', code, region, fee_class, from_on, until_on, ceiling_micro, version
    FROM catalog_ceiling
), fitting AS (
    SELECT e.*, t.changed_at,
           row_number() OVER (PARTITION BY source, code
                              ORDER BY array_position($1::text[], region::text), (fee_class = '')) AS nearness
    FROM every e
    LEFT JOIN catalog_version_time t USING (version)
    WHERE region = ANY ($1) AND fee_class IN ('', $3)
      AND ($2::date IS NULL OR (from_on <= $2 AND (until_on IS NULL OR until_on >= $2)))
      AND ($4 = '' OR code = $4)
), found AS MATERIALIZED (
    SELECT f.*, l.level
    FROM fitting f, unnest($9::text[]) AS l (level)
    WHERE ($2::date IS NULL OR nearness = 1)
      AND ($5::date IS NULL OR from_on >= $5)
      AND ($6::date IS NULL OR until_on <= $6)
      AND ($7 = '' OR source = $7)
      AND ($8::timestamptz IS NULL OR changed_at > $8)
)
SELECT c.total, p.*
FROM (SELECT count(*) AS total FROM found) c
LEFT JOIN (SELECT * FROM found ORDER BY code, source, region, fee_class, from_on, level LIMIT $10 OFFSET $11) p ON true
ORDER BY p.code, p.source, p.region, p.fee_class, p.from_on, p.level
