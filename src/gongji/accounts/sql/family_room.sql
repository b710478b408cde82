-- What limits leave of owners' accounts to their users on the day $3 (parallel arrays $1 owners, $2 users): a row only where a limit
-- is in force. What was given back lets more be taken, but never more than the limit. Days are those of China; entries are read
-- only for limits of a month or a year.
WITH asked AS (
    SELECT DISTINCT owner, user_no FROM unnest($1::text[], $2::text[]) AS a(owner, user_no)
), held AS (
    SELECT DISTINCT ON (a.owner, a.user_no, l.user_no) a.owner, a.user_no, l.user_no AS scope,
           l.per_settlement_fen, l.per_month_fen, l.per_year_fen
    FROM asked a JOIN accounts_limit l ON l.psn_no = a.owner AND l.user_no IN (a.user_no, '*') AND l.from_on <= $3::date
    ORDER BY a.owner, a.user_no, l.user_no, l.recorded_at DESC, l.limit_id DESC
)
SELECT h.owner, h.user_no,
       min(least(h.per_settlement_fen,
                 h.per_month_fen - greatest(used.month_fen, 0),
                 h.per_year_fen - greatest(used.year_fen, 0)))::bigint AS room_fen
FROM held h
CROSS JOIN LATERAL (
    SELECT coalesce(-sum(e.amount_fen) FILTER (
               WHERE e.occurred_at >= date_trunc('month', $3::date::timestamp) AT TIME ZONE 'Asia/Shanghai'
                 AND e.occurred_at < (date_trunc('month', $3::date::timestamp) + interval '1 month') AT TIME ZONE 'Asia/Shanghai'),
               0) AS month_fen,
           coalesce(-sum(e.amount_fen), 0) AS year_fen
    FROM accounts_entry e
    WHERE (h.per_month_fen IS NOT NULL OR h.per_year_fen IS NOT NULL)
      AND e.psn_no = h.owner AND e.kind IN ('mutual', 'mutual_refund')
      AND (h.scope = '*' OR e.counterpart = h.scope)
      AND e.occurred_at >= date_trunc('year', $3::date::timestamp) AT TIME ZONE 'Asia/Shanghai'
      AND e.occurred_at < (date_trunc('year', $3::date::timestamp) + interval '1 year') AT TIME ZONE 'Asia/Shanghai') used
GROUP BY h.owner, h.user_no
