-- Message numbers that were made void.
SELECT psn_no, caller, infno, msgid, request_hash, answer, received_at FROM settlement_message WHERE settlement_id = 0
