-- Whether the message $2 of the institution $1 has had its effect under one of the functions $3.
SELECT EXISTS (SELECT FROM gateway_message WHERE fixmedins_code = $1 AND infno = ANY ($3::text[]) AND msgid = $2)
