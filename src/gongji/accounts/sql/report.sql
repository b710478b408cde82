-- Income and expense of accounts between the instants $1 and $2, by region (of the person's relation on the last day $3, the last one
-- before where there is none) and kind; kind '' is the opening. $4: only this region and those below it ('' for all).
WITH moved AS (
    SELECT psn_no, CASE WHEN occurred_at < $1 THEN '' ELSE kind END AS kind, sum(amount_fen) AS amount_fen, count(*) AS movements
    FROM accounts_entry WHERE occurred_at < $2
    GROUP BY 1, 2
), placed AS (
    SELECT m.psn_no, coalesce(r.region, '') AS region
    FROM (SELECT DISTINCT psn_no FROM moved) m
    LEFT JOIN LATERAL (
        SELECT region FROM members_relation r WHERE r.psn_no = m.psn_no AND r.from_on <= $3
        ORDER BY r.from_on DESC LIMIT 1) r ON true
)
SELECT p.region, m.kind, sum(m.movements)::bigint AS movements, sum(m.amount_fen)::bigint AS amount_fen
FROM moved m JOIN placed p USING (psn_no)
WHERE p.region LIKE $4 || '%'
GROUP BY p.region, m.kind ORDER BY p.region, m.kind
