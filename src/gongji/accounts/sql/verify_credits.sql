-- Credits that do not follow from each other, from their base and rate, or from entries and journal; receivables that do not follow from
-- credits. What a rate or a fixed amount has to be is asked of the law (verify_credit_law).
WITH credit AS (
    SELECT c.*, row_number() OVER month AS position,
           c.target_fen - lag(c.target_fen, 1, 0::bigint) OVER month AS wanted_fen,
           lag(c.target_fen, 1, 0::bigint) OVER month AS was_fen, lag(c.region) OVER month AS was_region,
           CASE lag(c.rule) OVER month WHEN 'retired' THEN 5302 WHEN 'none' THEN NULL ELSE 5301 END AS was_account
    FROM accounts_credit c WINDOW month AS (PARTITION BY c.psn_no, c.month ORDER BY c.sequence)
), movement AS (
    SELECT psn_no, entry_id, CASE WHEN sequence = 1 THEN 'credit' WHEN rule = 'none' THEN 'recovery' ELSE 'credit_correction' END AS kind,
           delta_fen + greatest(receivable_fen, 0) AS amount_fen, month, cause_id
    FROM accounts_credit
    UNION ALL
    SELECT psn_no, recovery_id, 'recovery', receivable_fen, month, cause_id FROM accounts_credit WHERE recovery_id IS NOT NULL
    UNION ALL
    SELECT psn_no, repayment_id, 'recovery', -amount_fen, NULL, case_id FROM accounts_repayment WHERE means = 'account'
), entry AS (
    SELECT psn_no, entry_id, kind, amount_fen, period, reference FROM accounts_entry
    WHERE kind IN ('credit', 'credit_correction', 'recovery')
), expected AS (  -- expense legs of the journal
    SELECT psn_no, entry_id, account, sum(amount_fen) AS amount_fen
    FROM (SELECT psn_no, entry_id, CASE rule WHEN 'retired' THEN 5302 WHEN 'none' THEN was_account ELSE 5301 END AS account,
                 target_fen AS amount_fen FROM credit
          UNION ALL
          SELECT psn_no, entry_id, was_account, -was_fen FROM credit WHERE was_fen <> 0) AS legs
    GROUP BY psn_no, entry_id, account HAVING sum(amount_fen) <> 0
), booked AS (
    SELECT j.psn_no, j.journal_id, leg.account, sum(leg.amount) AS amount_fen
    FROM ledger_journal j CROSS JOIN LATERAL unnest(j.accounts, j.amounts) AS leg(account, amount)
    WHERE leg.account IN (5301, 5302) GROUP BY j.psn_no, j.journal_id, leg.account
), owed AS (
    SELECT psn_no, sum(fen) AS receivable_fen
    FROM (SELECT psn_no, receivable_fen AS fen FROM accounts_credit UNION ALL SELECT psn_no, -amount_fen FROM accounts_repayment) AS d
    GROUP BY psn_no
), received AS (
    SELECT j.psn_no, j.journal_id, -sum(leg.amount) AS amount_fen, j.posted_at
    FROM ledger_journal j CROSS JOIN LATERAL unnest(j.accounts, j.amounts) AS leg(account, amount)
    WHERE j.source = 'repayment' AND leg.account = 1201 GROUP BY j.psn_no, j.journal_id, j.posted_at
)
SELECT psn_no, entry_id AS fact_id, 'credit_chain' AS field, sequence || ' ' || delta_fen AS stored,
       position || ' ' || wanted_fen AS recomputed
FROM credit WHERE sequence <> position OR delta_fen <> wanted_fen
UNION ALL
SELECT psn_no, entry_id, 'credit_base', base_fen || ' ' || rate_bp || ' ' || region, '0 0 ' || coalesce(was_region, region)
FROM credit
WHERE rule IN ('retired', 'none') AND (base_fen <> 0 OR rate_bp <> 0) OR rule = 'none' AND region IS DISTINCT FROM was_region
UNION ALL
SELECT coalesce(m.psn_no, e.psn_no), coalesce(m.entry_id, e.entry_id), 'credit_entry',
       concat_ws(' ', e.kind, e.amount_fen, e.period, e.reference), concat_ws(' ', m.kind, m.amount_fen, m.month, m.cause_id)
FROM movement m FULL JOIN entry e ON e.psn_no = m.psn_no AND e.entry_id = m.entry_id
WHERE (m.kind, m.amount_fen, m.month, m.cause_id) IS DISTINCT FROM (e.kind, e.amount_fen, e.period, e.reference)
UNION ALL
SELECT coalesce(x.psn_no, b.psn_no), coalesce(x.entry_id, b.journal_id), 'credit_expense',
       b.account || ' ' || b.amount_fen, x.account || ' ' || x.amount_fen
FROM expected x FULL JOIN booked b ON b.psn_no = x.psn_no AND b.journal_id = x.entry_id AND b.account = x.account
WHERE x.amount_fen IS DISTINCT FROM b.amount_fen
UNION ALL
SELECT coalesce(r.psn_no, b.psn_no), coalesce(r.repayment_id, b.journal_id), 'repayment',
       concat_ws(' ', b.amount_fen, b.posted_at), concat_ws(' ', r.amount_fen, r.repaid_at)
FROM (SELECT * FROM accounts_repayment WHERE means = 'cash') r
FULL JOIN received b ON b.psn_no = r.psn_no AND b.journal_id = r.repayment_id
WHERE (r.amount_fen, r.repaid_at) IS DISTINCT FROM (b.amount_fen, b.posted_at)
UNION ALL
SELECT coalesce(b.psn_no, o.psn_no), NULL, 'account_receivable', coalesce(b.receivable_fen, 0)::text, coalesce(o.receivable_fen, 0)::text
FROM accounts_balance b FULL JOIN owed o ON o.psn_no = b.psn_no
WHERE coalesce(b.receivable_fen, 0) <> coalesce(o.receivable_fen, 0)
LIMIT 1000
