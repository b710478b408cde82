-- Facts with the message and the journal entry that belong to them, a person at a time; $1 limits it to persons with facts since.
SELECT f.*,
       m.request_hash AS message_request_hash, m.answer AS message_answer,
       j.accounts AS journal_accounts, j.parties AS journal_parties, j.amounts AS journal_amounts
FROM settlement_fact f
LEFT JOIN settlement_message m
  ON m.psn_no = f.psn_no AND m.caller = f.caller AND m.infno = f.infno AND m.msgid = f.msgid
 AND m.settlement_id = f.settlement_id
LEFT JOIN ledger_journal j ON j.psn_no = f.psn_no AND j.journal_id = f.settlement_id AND j.source = 'settlement'
WHERE $1::timestamptz IS NULL
   OR f.psn_no IN (SELECT recent.psn_no FROM settlement_fact recent WHERE recent.settled_at >= $1)
ORDER BY f.psn_no, f.year, f.seq, f.settlement_id
