-- Accounts with at least $3 payments on one day in China between $1 and $2; what was given back is no payment.
SELECT psn_no, (occurred_at AT TIME ZONE 'Asia/Shanghai')::date AS day, count(*) AS movements, -sum(amount_fen)::bigint AS spent_fen
FROM accounts_entry
WHERE kind IN ('pay', 'mutual', 'premium')
  AND occurred_at >= $1::date::timestamp AT TIME ZONE 'Asia/Shanghai'
  AND occurred_at < ($2::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
GROUP BY psn_no, day HAVING count(*) >= $3
ORDER BY movements DESC, day, psn_no
