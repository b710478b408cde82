SELECT infno, msgid, account, operator, psn_no, sent_at, total_fen, fund_fen, account_fen, cash_fen FROM desk_sent
WHERE institution = $1 AND (infno, msgid) IN (SELECT * FROM unnest($2::text[], $3::text[])) ORDER BY sent_at, msgid
