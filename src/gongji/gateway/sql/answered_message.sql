SELECT request_hash, output FROM gateway_message WHERE fixmedins_code = $1 AND infno = $2 AND msgid = $3;
