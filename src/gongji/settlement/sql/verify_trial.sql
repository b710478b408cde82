-- Trial balance, three ways: what settlements say, what the journal says, what accumulators and accounts say.
-- The pooled fund is told apart by benefit, as the chart does. Of a manual claim (option 16) the institution is owed nothing and
-- the member's cash was never here: what the funds owe for it is the row of its own.
WITH fact AS (
    SELECT coalesce(sum(waterfall[13]) FILTER (WHERE benefit NOT IN ('dual_channel', 'as_inpatient')), 0) AS pool,
           coalesce(sum(waterfall[13]) FILTER (WHERE benefit = 'dual_channel'), 0) AS dual_channel,
           coalesce(sum(waterfall[13]) FILTER (WHERE benefit = 'as_inpatient'), 0) AS as_inpatient,
           coalesce(sum(waterfall[6]), 0) AS chronic,
           coalesce(sum(waterfall[17]), 0) AS account, coalesce(sum(waterfall[18]), 0) AS mutual,
           coalesce(sum(waterfall[19]) FILTER (WHERE options & 16 = 0), 0) AS cash,
           coalesce(sum(waterfall[1]) FILTER (WHERE options & 16 = 0), 0) AS total,
           coalesce(sum(waterfall[13] + waterfall[6]) FILTER (WHERE options & 16 <> 0), 0) AS claim
    FROM settlement_fact WHERE kind <> 0
), leg AS (
    SELECT leg.account, sum(leg.amount) AS amount
    FROM ledger_journal j CROSS JOIN LATERAL unnest(j.accounts, j.amounts) AS leg(account, amount)
    WHERE j.source = 'settlement' GROUP BY leg.account
), year_sum AS (
    SELECT y.benefits[i] AS benefit, y.acc[3 * i] AS fund
    FROM settlement_person_year y CROSS JOIN LATERAL generate_series(1, cardinality(y.benefits)) AS i
    UNION ALL  -- less what other systems handed over
    SELECT benefit, -waterfall[13] FROM settlement_fact WHERE kind = 0
), accumulated AS (
    SELECT coalesce(sum(fund) FILTER (WHERE benefit NOT LIKE 'chronic:%'
                                        AND benefit NOT IN ('dual_channel', 'as_inpatient')), 0) AS pool,
           coalesce(sum(fund) FILTER (WHERE benefit = 'dual_channel'), 0) AS dual_channel,
           coalesce(sum(fund) FILTER (WHERE benefit = 'as_inpatient'), 0) AS as_inpatient,
           coalesce(sum(fund) FILTER (WHERE benefit LIKE 'chronic:%'), 0) AS chronic
    FROM year_sum
), entry AS (
    SELECT coalesce(-sum(amount_fen) FILTER (WHERE kind IN ('pay', 'refund')), 0) AS account,
           coalesce(-sum(amount_fen) FILTER (WHERE kind IN ('mutual', 'mutual_refund')), 0) AS mutual
    FROM accounts_entry WHERE settlement_id IS NOT NULL
), listed AS (
    SELECT 1 AS position, 'pool' AS name, fact.pool AS settlements, ARRAY[5101] AS booked, 1 AS side, accumulated.pool AS derived
    FROM fact, accumulated
    UNION ALL
    SELECT 2, 'dual_channel', fact.dual_channel, ARRAY[5103], 1, accumulated.dual_channel FROM fact, accumulated
    UNION ALL
    SELECT 3, 'as_inpatient', fact.as_inpatient, ARRAY[5104], 1, accumulated.as_inpatient FROM fact, accumulated
    UNION ALL
    SELECT 4, 'chronic', fact.chronic, ARRAY[5102], 1, accumulated.chronic FROM fact, accumulated
    UNION ALL
    SELECT 5, 'account', fact.account, ARRAY[5201, 5202], 1, entry.account FROM fact, entry
    UNION ALL
    SELECT 6, 'mutual', fact.mutual, ARRAY[5211, 5212], 1, entry.mutual FROM fact, entry
    UNION ALL
    SELECT 7, 'cash', fact.cash, ARRAY[1101], 1, NULL FROM fact
    UNION ALL
    SELECT 8, 'provider', fact.total, ARRAY[2101], -1, NULL FROM fact
    UNION ALL
    SELECT 9, 'claim', fact.claim, ARRAY[2301], -1, NULL FROM fact
)
SELECT name, settlements::bigint,
       coalesce((SELECT side * sum(amount) FROM leg WHERE account = ANY(booked)), 0)::bigint AS journal,
       derived::bigint
FROM listed ORDER BY position
