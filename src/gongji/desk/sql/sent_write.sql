INSERT INTO desk_sent (institution, infno, msgid, account, operator, psn_no, sent_at, total_fen, fund_fen, account_fen, cash_fen)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (institution, infno, msgid) DO NOTHING
