-- Rows that no settlement accounts for: messages (void numbers have none and are looked at by themselves), journal entries, years,
-- and what prescriptions say was settled and stands, or was refunded.
SELECT m.psn_no, m.settlement_id, 'message' AS field, m.infno || ' ' || m.msgid AS stored
FROM settlement_message m
WHERE m.settlement_id <> 0
  AND NOT EXISTS (SELECT FROM settlement_fact f WHERE f.psn_no = m.psn_no AND f.settlement_id = m.settlement_id)
UNION ALL
SELECT j.psn_no, j.journal_id, 'journal', j.source
FROM ledger_journal j
WHERE j.source = 'settlement'
  AND NOT EXISTS (SELECT FROM settlement_fact f WHERE f.psn_no = j.psn_no AND f.settlement_id = j.journal_id)
UNION ALL
SELECT j.psn_no, j.journal_id, 'journal_balance', j.amounts::text
FROM ledger_journal j
WHERE NOT ledger_balanced(j.amounts)
UNION ALL
SELECT y.psn_no, NULL, 'person_year', y.year::text
FROM settlement_person_year y
WHERE y.seq > 0
  AND NOT EXISTS (SELECT FROM settlement_fact f WHERE f.psn_no = y.psn_no AND f.year = y.year)
UNION ALL
SELECT e.psn_no, (e.detail ->> 'settlement_id')::bigint, 'rx_settled', e.rx_id::text
FROM prescriptions_event e
WHERE e.verb = 'settle'
  AND NOT EXISTS (SELECT FROM prescriptions_event r
                  WHERE r.psn_no = e.psn_no AND r.rx_id = e.rx_id AND r.verb = 'refund'
                    AND r.detail ->> 'settlement_id' = e.detail ->> 'settlement_id')
  AND NOT EXISTS (SELECT FROM settlement_fact f
                  WHERE f.psn_no = e.psn_no AND f.settlement_id = (e.detail ->> 'settlement_id')::bigint AND f.kind = 1
                    AND NOT EXISTS (SELECT FROM settlement_fact undone
                                    WHERE undone.psn_no = f.psn_no AND undone.original_id = f.settlement_id))
UNION ALL
SELECT e.psn_no, (e.detail ->> 'settlement_id')::bigint, 'rx_refunded', e.rx_id::text
FROM prescriptions_event e
WHERE e.verb = 'refund'
  AND NOT EXISTS (SELECT FROM settlement_fact undone
                  WHERE undone.psn_no = e.psn_no AND undone.original_id = (e.detail ->> 'settlement_id')::bigint)
LIMIT 1000
