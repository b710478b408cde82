-- What does not follow: steps against settlements, payments against the journal, the debt to members against both, finished
-- claims against what was settled, the register of invoices against the claims.
WITH stepped AS (
    SELECT s.psn_no, s.claim_id, s.state, s.action, s.step_no, s.fund_fen, s.paid_fen, s.content,
           row_number() OVER (PARTITION BY s.psn_no, s.claim_id ORDER BY s.step_no DESC) AS back
    FROM claims_step s
), last AS (
    SELECT psn_no, claim_id, state, step_no FROM stepped WHERE back = 1
), money AS (
    SELECT psn_no, claim_id, sum(fund_fen) AS fund_fen, sum(paid_fen) AS paid_fen FROM claims_step GROUP BY psn_no, claim_id
), visit AS (
    SELECT c.psn_no, c.claim_id, (v.value ->> 'visit_id')::bigint AS visit_id
    FROM claims_claim c CROSS JOIN LATERAL jsonb_array_elements(c.content -> 'visits') AS v
), settled AS (
    SELECT v.psn_no, v.claim_id, sum(s.pool_fen + s.chronic_pay_fen) AS fund_fen
    FROM visit v JOIN settlement_v_settlement s ON s.psn_no = v.psn_no AND s.visit_id = v.visit_id
    GROUP BY v.psn_no, v.claim_id
), payment AS (
    SELECT s.psn_no, s.claim_id, (s.content -> 'payment' ->> 'payment_id')::bigint AS payment_id, s.paid_fen
    FROM claims_step s WHERE s.content ? 'payment'
), booked AS (
    SELECT j.psn_no, j.journal_id, leg.amount AS paid_fen
    FROM ledger_journal j CROSS JOIN LATERAL unnest(j.accounts, j.amounts) AS leg(account, amount)
    WHERE j.source = 'claim_payment' AND leg.account = 2301
), debt AS (
    SELECT leg.party AS psn_no, -sum(leg.amount) AS open_fen
    FROM ledger_journal j CROSS JOIN LATERAL unnest(j.accounts, j.parties, j.amounts) AS leg(account, party, amount)
    WHERE leg.account = 2301 GROUP BY leg.party
)
SELECT m.psn_no, m.claim_id, 'claim_fund' AS field, m.fund_fen::text AS stored, coalesce(s.fund_fen, 0)::text AS recomputed
FROM money m JOIN last l USING (psn_no, claim_id) LEFT JOIN settled s USING (psn_no, claim_id)
WHERE l.state <> 'settling' AND m.fund_fen <> coalesce(s.fund_fen, 0)
UNION ALL
SELECT s.psn_no, s.settlement_id, 'claim_settlement', s.visit_id::text, '无'
FROM settlement_v_settlement s
WHERE s.infno = $1 AND NOT EXISTS (SELECT FROM visit v WHERE v.psn_no = s.psn_no AND v.visit_id = s.visit_id)
UNION ALL
SELECT coalesce(p.psn_no, b.psn_no), coalesce(p.claim_id, b.journal_id), 'claim_payment', p.paid_fen::text, b.paid_fen::text
FROM payment p FULL JOIN booked b ON b.psn_no = p.psn_no AND b.journal_id = p.payment_id
WHERE p.paid_fen IS DISTINCT FROM b.paid_fen
UNION ALL
SELECT m.psn_no, m.claim_id, 'claim_paid', m.paid_fen::text, m.fund_fen::text
FROM money m JOIN last l USING (psn_no, claim_id)
WHERE l.state IN ('paid', 'closed', 'refused', 'withdrawn') AND m.paid_fen <> m.fund_fen
UNION ALL
SELECT coalesce(o.psn_no, d.psn_no), NULL, 'claim_payable', coalesce(d.open_fen, 0)::text, coalesce(o.open_fen, 0)::text
FROM (SELECT m.psn_no, sum(coalesce(s.fund_fen, 0) - m.paid_fen) AS open_fen
      FROM money m LEFT JOIN settled s USING (psn_no, claim_id) GROUP BY m.psn_no) AS o
FULL JOIN debt d ON d.psn_no = o.psn_no
WHERE coalesce(o.open_fen, 0) <> coalesce(d.open_fen, 0)
UNION ALL
SELECT c.psn_no, c.claim_id, 'claim_total', c.total_fen::text, lines.total_fen::text
FROM claims_claim c CROSS JOIN LATERAL (
    SELECT sum((line.value ->> 'amount_fen')::bigint) AS total_fen
    FROM jsonb_array_elements(c.content -> 'visits') AS v, jsonb_array_elements(v.value -> 'lines') AS line
) AS lines
WHERE c.total_fen <> lines.total_fen
UNION ALL
SELECT i.holder, i.claim_id, 'claim_invoice', i.invoice_no, coalesce(l.state, '无')
FROM claims_invoice i LEFT JOIN last l ON l.psn_no = i.holder AND l.claim_id = i.claim_id
WHERE l.state IS NULL OR l.state = 'withdrawn'
UNION ALL
SELECT l.psn_no, l.claim_id, 'claim_invoice', '无', l.state
FROM last l
WHERE l.state NOT IN ('refused', 'withdrawn')
  AND NOT EXISTS (SELECT FROM claims_invoice i WHERE i.claim_id = l.claim_id AND i.holder = l.psn_no)
LIMIT 1000
