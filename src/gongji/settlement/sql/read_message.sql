SELECT psn_no, request_hash, settlement_id, answer, received_at
FROM settlement_message WHERE caller = $1 AND infno = $2 AND msgid = $3
