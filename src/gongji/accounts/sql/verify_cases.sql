-- Premiums, transfers and withdrawals that their entries do not say, and accounts whose state is not that of the last step that
-- changed it. What a case paid is what its steps say payee by payee; what came back is there with a minus.
WITH paid AS (
    SELECT psn_no, premium_id AS entry_id, 'premium' AS kind, -amount_fen AS amount_fen, premium_id AS reference,
           nullif(insured, psn_no) AS counterpart, make_date(year, 1, 1) AS period, paid_at AS at, payee
    FROM accounts_premium
    UNION ALL
    SELECT r.psn_no, r.entry_id, 'premium_refund', r.amount_fen, r.premium_id, nullif(p.insured, p.psn_no),
           make_date(p.year, 1, 1), r.refunded_at, p.payee
    FROM accounts_premium_refund r JOIN accounts_premium p ON p.psn_no = r.psn_no AND p.premium_id = r.premium_id
), entry AS (
    SELECT e.psn_no, e.entry_id, e.kind, e.amount_fen, e.reference, e.counterpart, e.period, e.occurred_at AS at, j.payee
    FROM accounts_entry e
    LEFT JOIN LATERAL (
        SELECT leg.party AS payee FROM ledger_journal j CROSS JOIN LATERAL unnest(j.accounts, j.parties) AS leg(account, party)
        WHERE j.psn_no = e.psn_no AND j.journal_id = e.entry_id AND leg.account = 1002) j ON true
    WHERE e.kind IN ('premium', 'premium_refund')
), stepped AS (
    SELECT s.psn_no, s.case_id, CASE WHEN c.kind IN ('death', 'leaving') THEN part.key ELSE '' END AS payee,
           sum(CASE WHEN c.kind = 'transfer_in' THEN part.value::bigint ELSE -part.value::bigint END) AS amount_fen
    FROM accounts_case_step s
    JOIN accounts_case c ON c.psn_no = s.psn_no AND c.case_id = s.case_id
    CROSS JOIN LATERAL jsonb_each_text(s.content) AS part(key, value)
    WHERE part.key LIKE 'payee:%' OR (c.kind = 'transfer_in' AND part.key = 'amount_fen')
    GROUP BY 1, 2, 3
), moved AS (
    SELECT psn_no, reference AS case_id, CASE kind WHEN 'withdrawal' THEN coalesce(counterpart, '?') ELSE '' END AS payee,
           sum(amount_fen) AS amount_fen
    FROM accounts_entry WHERE kind IN ('transfer_in', 'transfer_out', 'withdrawal') GROUP BY 1, 2, 3
), other AS (  -- to whom money of a case went or from whom it came, and the day that it is about
    SELECT e.psn_no, e.entry_id, concat_ws(' ', e.counterpart, e.period) AS said,
           CASE WHEN c.kind IN ('transfer_in', 'transfer_out') THEN c.counterpart ELSE e.counterpart END
           || CASE WHEN c.kind = 'transfer_in' THEN '' ELSE ' ' || c.event_on END AS wanted
    FROM accounts_entry e JOIN accounts_case c ON c.psn_no = e.psn_no AND c.case_id = e.reference
    WHERE e.kind IN ('transfer_in', 'transfer_out', 'withdrawal')
), attempt AS (
    SELECT psn_no, premium_id, attempt, row_number() OVER (PARTITION BY psn_no, insured, product, year ORDER BY attempt) AS position
    FROM accounts_premium
), stood AS (
    SELECT DISTINCT ON (psn_no) psn_no, account_state
    FROM accounts_case_step WHERE account_state <> '' ORDER BY psn_no, at DESC, case_id DESC, step_no DESC
)
SELECT coalesce(p.psn_no, e.psn_no) AS psn_no, coalesce(p.entry_id, e.entry_id) AS fact_id, 'premium' AS field,
       concat_ws(' ', e.kind, e.amount_fen, e.reference, e.counterpart, e.period, e.at, e.payee) AS stored,
       concat_ws(' ', p.kind, p.amount_fen, p.reference, p.counterpart, p.period, p.at, p.payee) AS recomputed
FROM paid p FULL JOIN entry e ON e.psn_no = p.psn_no AND e.entry_id = p.entry_id
WHERE (p.kind, p.amount_fen, p.reference, p.counterpart, p.period, p.at, p.payee)
      IS DISTINCT FROM (e.kind, e.amount_fen, e.reference, e.counterpart, e.period, e.at, e.payee)
UNION ALL
SELECT psn_no, premium_id, 'premium_attempt', attempt::text, position::text FROM attempt WHERE attempt <> position
UNION ALL
SELECT psn_no, entry_id, 'case_entry', said, wanted FROM other WHERE said <> wanted
UNION ALL
SELECT coalesce(s.psn_no, m.psn_no), coalesce(s.case_id, m.case_id), 'case_payment',
       concat_ws(' ', m.payee, m.amount_fen), concat_ws(' ', s.payee, s.amount_fen)
FROM stepped s FULL JOIN moved m ON m.psn_no = s.psn_no AND m.case_id = s.case_id AND m.payee = s.payee
WHERE coalesce(s.amount_fen, 0) <> coalesce(m.amount_fen, 0)
UNION ALL
SELECT b.psn_no, NULL, 'account_state', b.state, coalesce(s.account_state, 'open')
FROM accounts_balance b LEFT JOIN stood s ON s.psn_no = b.psn_no
WHERE b.state <> coalesce(s.account_state, 'open')
LIMIT 1000
