-- Rows that no settlement accounts for: messages (void numbers have none and are looked at by themselves), journal entries, years.
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
LIMIT 1000
