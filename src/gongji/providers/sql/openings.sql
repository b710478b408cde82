-- How far the pool has been opened on the day $1, by area (统筹地区) and kind: designated, with a pooled agreement, without one but on
-- the way to it, without one and without an application (the gap).
WITH designated AS (
    SELECT i.code, i.kind, CASE WHEN left(i.region, 2) IN ('11', '12', '31', '50') THEN left(i.region, 2) ELSE left(i.region, 4) END AS area,
           s.pooled_agreement
    FROM providers_institution i
    CROSS JOIN LATERAL (
        SELECT * FROM providers_state s
        WHERE s.code = i.code AND s.from_on <= $1 AND (s.until_on IS NULL OR s.until_on >= $1)
        ORDER BY s.from_on DESC, s.state_no DESC LIMIT 1
    ) AS s
    WHERE s.designated
), asked AS (
    SELECT DISTINCT ON (code) code, state FROM providers_v_dossier WHERE layer = 'pooled' ORDER BY code, dossier_id DESC
)
SELECT d.area, d.kind, count(*) AS designated, count(*) FILTER (WHERE d.pooled_agreement) AS opened,
       count(*) FILTER (WHERE NOT d.pooled_agreement AND a.state = ANY ($2::text[])) AS qualified,
       count(*) FILTER (WHERE NOT d.pooled_agreement AND a.state = ANY ($3::text[])) AS under_way,
       coalesce(array_agg(d.code ORDER BY d.code) FILTER (WHERE NOT d.pooled_agreement), '{}') AS not_opened
FROM designated d LEFT JOIN asked a ON a.code = d.code
GROUP BY d.area, d.kind ORDER BY d.area, d.kind
