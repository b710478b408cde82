-- Interest that is not what its sum makes, whose days overlap or leave a gap, or that its entry does not say. $1 is BP_ONE, the number
-- of basis points in one.
WITH interest AS (
    SELECT i.*, (2 * i.fen_bp_days + $1::bigint * d.days) / (2 * $1::bigint * d.days) AS wanted_fen,
           coalesce(lag(i.through_on) OVER (PARTITION BY i.psn_no, date_trunc('year', i.through_on) ORDER BY i.through_on) + 1,
                    date_trunc('year', i.through_on)::date) AS wanted_on
    FROM accounts_interest i
    CROSS JOIN LATERAL (SELECT make_date(extract(year FROM i.through_on)::integer + 1, 1, 1)
                               - make_date(extract(year FROM i.through_on)::integer, 1, 1) AS days) d
), entry AS (
    SELECT psn_no, entry_id, amount_fen, reference, period FROM accounts_entry WHERE kind = 'interest'
)
SELECT psn_no, entry_id AS fact_id, 'interest' AS field, interest_fen::text AS stored, wanted_fen::text AS recomputed
FROM interest WHERE interest_fen <> wanted_fen
UNION ALL
SELECT psn_no, entry_id, 'interest_days', from_on::text, wanted_on::text FROM interest WHERE from_on <> wanted_on
UNION ALL
SELECT coalesce(i.psn_no, e.psn_no), coalesce(i.entry_id, e.entry_id), 'interest_entry',
       concat_ws(' ', e.amount_fen, e.reference, e.period), concat_ws(' ', i.interest_fen, i.cause_id, i.period)
FROM (SELECT *, date_trunc('year', through_on)::date AS period FROM interest WHERE entry_id IS NOT NULL) i FULL JOIN entry e ON e.psn_no = i.psn_no AND e.entry_id = i.entry_id
WHERE (i.interest_fen, i.cause_id, i.period) IS DISTINCT FROM (e.amount_fen, e.reference, e.period)
LIMIT 1000
