INSERT INTO gateway_message (fixmedins_code, infno, msgid, request_hash, received_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (fixmedins_code, infno, msgid) DO NOTHING
RETURNING msgid;
