INSERT INTO desk_sent (institution, infno, msgid, account, operator, psn_no, sent_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (institution, infno, msgid) DO NOTHING
