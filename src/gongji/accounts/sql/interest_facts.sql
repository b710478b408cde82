-- Interest-bearing sums of the accounts after $1 up to $2 (of one account when they are the same) for the days up to $4 of the year
-- that begins on $3: by person, the first day without interest, the region (of the last relation that began by then), and
-- Σ movement × Σ of the daily rates from its day on, which is Σ end-of-day balance × the day's rate. $5 are regions, $6 their sums of
-- rates for each first day of the year ($7 numbers a region). An account without a movement by then has no row.
SELECT b.psn_no, f.from_on, r.region, coalesce(m.fen_bp_days, 0)::bigint AS fen_bp_days
FROM accounts_balance b
CROSS JOIN LATERAL (
    SELECT coalesce(max(i.through_on) + 1, $3::date) AS from_on FROM accounts_interest i
    WHERE i.psn_no = b.psn_no AND i.through_on >= $3::date AND i.through_on < $3::date + interval '1 year'
) f
LEFT JOIN LATERAL (
    SELECT r.region FROM members_relation r
    WHERE r.psn_no = b.psn_no AND r.insutype = '310' AND r.from_on <= $4::date ORDER BY r.from_on DESC LIMIT 1
) r ON true
CROSS JOIN LATERAL (
    SELECT count(*) AS movements,
           sum(e.amount_fen * ($6::bigint[])[
               $7::integer * (array_position($5::text[], r.region) - 1) + greatest(e.on_day, f.from_on) - $3::date + 1]) AS fen_bp_days
    FROM (SELECT e.amount_fen, (e.occurred_at AT TIME ZONE 'Asia/Shanghai')::date AS on_day
          FROM accounts_entry e WHERE e.psn_no = b.psn_no) AS e
    WHERE e.on_day <= $4::date
) m
WHERE b.psn_no >= $1 AND b.psn_no <= $2 AND (b.psn_no > $1 OR $1 = $2) AND f.from_on <= $4::date AND m.movements > 0
ORDER BY b.psn_no
