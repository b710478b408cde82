INSERT INTO ledger_journal (psn_no, journal_id, source, posted_on, posted_at, accounts, parties, amounts)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
