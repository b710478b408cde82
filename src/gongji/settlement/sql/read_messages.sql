SELECT asked.position::integer AS position, m.psn_no, m.request_hash, m.settlement_id, m.answer, m.received_at
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) WITH ORDINALITY
    AS asked(psn_no, caller, infno, msgid, position)
JOIN settlement_message m
  ON (m.psn_no, m.caller, m.infno, m.msgid) = (asked.psn_no, asked.caller, asked.infno, asked.msgid)
