-- Sources of money in accounts, three ways: what the facts say, what the journal says, what entries and balances say.
WITH fact AS (
    SELECT coalesce(sum(delta_fen), 0) AS credit, coalesce(sum(receivable_fen), 0) AS deferred  -- not given to or taken from balances
    FROM accounts_credit
), repaid AS (
    SELECT coalesce(sum(amount_fen), 0) AS amount, coalesce(sum(amount_fen) FILTER (WHERE means = 'account'), 0) AS set_off
    FROM accounts_repayment
), interest AS (
    SELECT coalesce(sum(interest_fen), 0) AS amount FROM accounts_interest
), leg AS (
    SELECT coalesce(sum(leg.amount) FILTER (WHERE leg.account IN (5301, 5302)), 0) AS credit,
           coalesce(sum(leg.amount) FILTER (WHERE leg.account = 5303), 0) AS interest,
           coalesce(sum(leg.amount) FILTER (WHERE leg.account = 1201), 0) AS receivable
    FROM ledger_journal j CROSS JOIN LATERAL unnest(j.accounts, j.amounts) AS leg(account, amount)
    WHERE leg.account IN (5301, 5302, 5303, 1201)
), entry AS (
    SELECT coalesce(sum(amount_fen) FILTER (WHERE kind <> 'interest'), 0) AS credit,
           coalesce(sum(amount_fen) FILTER (WHERE kind = 'interest'), 0) AS interest
    FROM accounts_entry WHERE kind IN ('credit', 'credit_correction', 'recovery', 'interest')
), balance AS (
    SELECT coalesce(sum(receivable_fen), 0) AS receivable FROM accounts_balance
)
SELECT 'credit' AS name, fact.credit::bigint AS facts_fen, leg.credit::bigint AS journal_fen,
       (entry.credit - fact.deferred + repaid.set_off)::bigint AS derived_fen
FROM fact, leg, entry, repaid
UNION ALL
SELECT 'interest', interest.amount::bigint, leg.interest::bigint, entry.interest::bigint FROM interest, leg, entry
UNION ALL
SELECT 'receivable', (fact.deferred - repaid.amount)::bigint, leg.receivable::bigint, balance.receivable::bigint
FROM fact, repaid, leg, balance
