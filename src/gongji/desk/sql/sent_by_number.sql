SELECT infno, msgid, account, operator, psn_no, sent_at FROM desk_sent WHERE institution = $1 AND msgid = $2 ORDER BY infno
