-- A repayment and what is owed after it; the account is held by the caller.
WITH repaid AS (
    INSERT INTO accounts_repayment (psn_no, repayment_id, means, amount_fen, receipt_no, case_id, actor, repaid_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    RETURNING psn_no, amount_fen
)
UPDATE accounts_balance b SET receivable_fen = b.receivable_fen - r.amount_fen FROM repaid r WHERE b.psn_no = r.psn_no
RETURNING b.receivable_fen
