-- Movements that do not follow from each other or from the books: the running balance and the versions without a gap, the journal of
-- each with its instant, the balance by the books.
WITH chained AS (
    SELECT psn_no, entry_id, balance_after_fen,
           lag(balance_after_fen, 1, 0::bigint) OVER (PARTITION BY psn_no ORDER BY version, entry_id) + amount_fen AS wanted_fen,
           version, lag(version, 1, 1::bigint) OVER (PARTITION BY psn_no ORDER BY version, entry_id) AS version_before
    FROM accounts_entry
), leg AS (  -- what each journal row does to each person's account: 2201 is what was put in, 52xx what was spent
    SELECT j.psn_no AS holder, j.journal_id, j.source, leg.party, -sum(leg.amount) AS amount_fen
    FROM ledger_journal j CROSS JOIN LATERAL unnest(j.accounts, j.parties, j.amounts) AS leg(account, party, amount)
    WHERE leg.account = 2201 OR leg.account BETWEEN 5200 AND 5299
    GROUP BY j.psn_no, j.journal_id, j.source, leg.party
), entry AS (
    SELECT psn_no, entry_id, kind, amount_fen, occurred_at FROM accounts_entry WHERE settlement_id IS NULL
), last AS (
    SELECT psn_no, max(version) AS version FROM accounts_entry GROUP BY psn_no
), booked AS (
    SELECT party AS psn_no, sum(amount_fen) AS amount_fen FROM leg GROUP BY party
)
SELECT psn_no, entry_id AS fact_id, 'account_chain' AS field, balance_after_fen::text AS stored, wanted_fen::text AS recomputed
FROM chained WHERE balance_after_fen <> wanted_fen
UNION ALL
SELECT coalesce(e.psn_no, l.holder), coalesce(e.entry_id, l.journal_id), 'account_journal',
       e.kind || ' ' || e.amount_fen, l.source || ' ' || l.amount_fen
FROM entry e FULL JOIN (SELECT * FROM leg WHERE source <> 'settlement') l
    ON l.holder = e.psn_no AND l.party = e.psn_no AND l.journal_id = e.entry_id
WHERE (e.kind, e.amount_fen) IS DISTINCT FROM (l.source, l.amount_fen)
UNION ALL
SELECT psn_no, entry_id, 'account_version', version::text, '>' || version_before FROM chained WHERE version > version_before + 1
UNION ALL
SELECT b.psn_no, NULL, 'account_version', b.version::text, coalesce(l.version, 1)::text
FROM accounts_balance b LEFT JOIN last l ON l.psn_no = b.psn_no WHERE b.version <> coalesce(l.version, 1)
UNION ALL
SELECT e.psn_no, e.entry_id, 'account_time', e.occurred_at::text, j.posted_at::text
FROM entry e JOIN ledger_journal j ON j.psn_no = e.psn_no AND j.journal_id = e.entry_id WHERE e.occurred_at <> j.posted_at
UNION ALL
SELECT psn_no, journal_id, 'journal_day', posted_on::text, posted_at::text
FROM ledger_journal WHERE posted_on <> (posted_at AT TIME ZONE 'Asia/Shanghai')::date
UNION ALL
SELECT coalesce(b.psn_no, k.psn_no), NULL, 'account_books', coalesce(b.balance_fen, 0)::text, coalesce(k.amount_fen, 0)::text
FROM accounts_balance b FULL JOIN booked k ON k.psn_no = b.psn_no
WHERE coalesce(b.balance_fen, 0) <> coalesce(k.amount_fen, 0)
LIMIT 1000
