-- Sums of what an institution settled and reversed at its own counter between two instants, by China's day or month ($4: day, month)
-- and by kind of visit (med_type). The funds of a reversal are negative. Positions of the waterfall: settlement_v_settlement.
SELECT date_trunc($4, f.settled_at AT TIME ZONE 'Asia/Shanghai')::date AS begins_on, f.med_type,
       count(*) FILTER (WHERE f.kind = 1) AS settled, count(*) FILTER (WHERE f.kind = -1) AS reversed,
       coalesce(sum(f.waterfall[1]) FILTER (WHERE f.kind = 1), 0)::bigint AS charged_fen,
       coalesce(-sum(f.waterfall[1]) FILTER (WHERE f.kind = -1), 0)::bigint AS refunded_fen,
       sum(f.waterfall[1])::bigint AS total_fen, sum(f.waterfall[13])::bigint AS pool_fen,
       sum(f.waterfall[6])::bigint AS chronic_fen, sum(f.waterfall[17])::bigint AS account_fen,
       sum(f.waterfall[18])::bigint AS mutual_fen, sum(f.waterfall[19])::bigint AS cash_fen
FROM settlement_fact f
WHERE f.provider = $1 AND f.caller = $1 AND f.settled_at >= $2 AND f.settled_at < $3 AND f.kind <> 0 AND f.options & 16 = 0
GROUP BY 1, 2
ORDER BY 1, 2
