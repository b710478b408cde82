-- Entries of accounts against the journal between the instants $1 and $2, by what they were: the effect on balances, in fen. In the
-- journal what is put in is credited to 2201 (but for transfers out, which take from there), what is spent is an expense 52xx.
-- A settlement is booked a moment after its message came in: it counts when its entries do, at the edge of a month too.
WITH entry AS (
    SELECT CASE WHEN kind IN ('pay', 'refund') THEN 'own'
                WHEN kind IN ('mutual', 'mutual_refund') THEN 'mutual'
                WHEN kind IN ('premium', 'premium_refund') THEN 'premium'
                WHEN kind = 'withdrawal' THEN 'withdrawal'
                WHEN kind IN ('transfer_in', 'transfer_out') THEN kind
                ELSE 'income' END AS name,
           sum(amount_fen) AS amount_fen
    FROM accounts_entry WHERE occurred_at >= $1 AND occurred_at < $2 GROUP BY 1
), settled AS (
    SELECT settlement_id, min(occurred_at) AS occurred_at FROM accounts_entry
    WHERE settlement_id IS NOT NULL AND occurred_at >= $1::timestamptz - interval '1 day' AND occurred_at < $2::timestamptz + interval '1 day'
    GROUP BY settlement_id
), book AS (
    SELECT CASE WHEN leg.account = 2201 AND j.source IN ('transfer_in', 'transfer_out') THEN j.source
                WHEN leg.account = 2201 THEN 'income'
                WHEN leg.account IN (5201, 5202) THEN 'own'
                WHEN leg.account IN (5211, 5212) THEN 'mutual'
                WHEN leg.account = 5221 THEN 'premium'
                WHEN leg.account = 5222 THEN 'withdrawal' END AS name,
           -sum(leg.amount) AS amount_fen
    FROM ledger_journal j CROSS JOIN LATERAL unnest(j.accounts, j.amounts) AS leg(account, amount)
    LEFT JOIN settled s ON j.source = 'settlement' AND s.settlement_id = j.journal_id
    WHERE coalesce(s.occurred_at, j.posted_at) >= $1 AND coalesce(s.occurred_at, j.posted_at) < $2
      AND j.posted_at >= $1::timestamptz - interval '1 day' AND j.posted_at < $2::timestamptz + interval '1 day'
      AND (leg.account IN (2201, 5221, 5222) OR leg.account BETWEEN 5201 AND 5212)
    GROUP BY 1
)
SELECT n.name, coalesce(e.amount_fen, 0)::bigint AS entries_fen, coalesce(b.amount_fen, 0)::bigint AS ledger_fen
FROM unnest(ARRAY['income', 'transfer_in', 'own', 'mutual', 'premium', 'withdrawal', 'transfer_out'])
    WITH ORDINALITY AS n(name, position)
LEFT JOIN entry e USING (name) LEFT JOIN book b USING (name)
ORDER BY n.position
