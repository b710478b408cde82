-- Takes a message number that nobody has used: no settlement (0), no content that could ever match. A message that arrives late
-- under it meets the unique key and is refused as reused; one that is being written now is waited for.
INSERT INTO settlement_message (psn_no, caller, infno, msgid, request_hash, settlement_id, answer, received_at)
VALUES ($1, $2, $3, $4, '\x', 0, '\x', $5)
ON CONFLICT DO NOTHING
RETURNING msgid;
