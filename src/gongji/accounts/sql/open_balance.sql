WITH opened AS (
    INSERT INTO accounts_balance (psn_no, balance_fen, version) VALUES ($1, $2, 1)
    ON CONFLICT (psn_no) DO NOTHING
    RETURNING psn_no, balance_fen
)
INSERT INTO accounts_entry (psn_no, entry_id, kind, amount_fen, balance_after_fen, occurred_at)
SELECT psn_no, $3, $4, balance_fen, balance_fen, $5 FROM opened
RETURNING entry_id
