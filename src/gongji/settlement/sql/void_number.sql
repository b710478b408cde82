-- Takes a message number that nobody has used: no settlement (0), no content that could ever match, and the seal ($6) as answer.
-- A message that arrives late under it meets the unique key and is refused as reused; one that is being written now is waited for.
-- True when the number is void now, also when it was before.
WITH taken AS (
    INSERT INTO settlement_message (psn_no, caller, infno, msgid, request_hash, settlement_id, answer, received_at)
    VALUES ($1, $2, $3, $4, '\x', 0, $6, $5)
    ON CONFLICT DO NOTHING
    RETURNING msgid
)
SELECT EXISTS (SELECT FROM taken)
    OR EXISTS (SELECT FROM settlement_message
               WHERE (psn_no, caller, infno, msgid) = ($1, $2, $3, $4) AND settlement_id = 0)
