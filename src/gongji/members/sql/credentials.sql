SELECT psn_no, kind, number, card_sn, from_on, until_on, blocked_from, blocked_until, earlier_blocks::text
FROM members_credential WHERE kind = $1 AND number = $2
ORDER BY from_on DESC LIMIT 2
