-- The journal entry of money that was paid for a claim, came back from the bank or was taken back from the member.
INSERT INTO ledger_journal (psn_no, journal_id, source, posted_on, posted_at, accounts, parties, amounts)
VALUES ($1, $2, 'claim_payment', $3, $4, $5, $6, $7)
