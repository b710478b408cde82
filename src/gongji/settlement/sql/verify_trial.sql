-- Trial balance, three ways: what settlements say, what the journal says, what accumulators and accounts say.
WITH fact AS (
    SELECT coalesce(sum(waterfall[13]), 0) AS pool, coalesce(sum(waterfall[6]), 0) AS chronic,
           coalesce(sum(waterfall[17]), 0) AS account, coalesce(sum(waterfall[18]), 0) AS mutual,
           coalesce(sum(waterfall[19]), 0) AS cash, coalesce(sum(waterfall[1]), 0) AS total
    FROM settlement_fact WHERE kind <> 0
), opening AS (
    SELECT coalesce(sum(waterfall[13]), 0) AS pool FROM settlement_fact WHERE kind = 0
), leg AS (
    SELECT leg.account, sum(leg.amount) AS amount
    FROM ledger_journal j CROSS JOIN LATERAL unnest(j.accounts, j.amounts) AS leg(account, amount)
    WHERE j.source = 'settlement' GROUP BY leg.account
), accumulated AS (
    SELECT coalesce(sum(y.acc[3 * i]) FILTER (WHERE y.benefits[i] NOT LIKE 'chronic:%'), 0) AS pool,
           coalesce(sum(y.acc[3 * i]) FILTER (WHERE y.benefits[i] LIKE 'chronic:%'), 0) AS chronic
    FROM settlement_person_year y CROSS JOIN LATERAL generate_series(1, cardinality(y.benefits)) AS i
), entry AS (
    SELECT coalesce(-sum(amount_fen) FILTER (WHERE kind IN ('pay', 'refund')), 0) AS account,
           coalesce(-sum(amount_fen) FILTER (WHERE kind IN ('mutual', 'mutual_refund')), 0) AS mutual
    FROM accounts_entry WHERE settlement_id IS NOT NULL
)
SELECT 'pool' AS name, fact.pool::bigint AS settlements,
       coalesce((SELECT sum(amount) FROM leg WHERE account = 5101), 0)::bigint AS journal,
       (accumulated.pool - opening.pool)::bigint AS derived
FROM fact, opening, accumulated
UNION ALL
SELECT 'chronic', fact.chronic::bigint, coalesce((SELECT sum(amount) FROM leg WHERE account = 5102), 0)::bigint,
       accumulated.chronic::bigint
FROM fact, accumulated
UNION ALL
SELECT 'account', fact.account::bigint, coalesce((SELECT sum(amount) FROM leg WHERE account IN (5201, 5202)), 0)::bigint,
       entry.account::bigint
FROM fact, entry
UNION ALL
SELECT 'mutual', fact.mutual::bigint, coalesce((SELECT sum(amount) FROM leg WHERE account IN (5211, 5212)), 0)::bigint,
       entry.mutual::bigint
FROM fact, entry
UNION ALL
SELECT 'cash', fact.cash::bigint, coalesce((SELECT sum(amount) FROM leg WHERE account = 1101), 0)::bigint, NULL
FROM fact
UNION ALL
SELECT 'provider', fact.total::bigint, -coalesce((SELECT sum(amount) FROM leg WHERE account = 2101), 0)::bigint, NULL
FROM fact
