-- Settlements to be reversed, found by id or by the number of the message that made them.
SELECT f.*, asked.position::integer AS position,
       EXISTS (SELECT FROM settlement_fact undone
               WHERE undone.psn_no = f.psn_no AND undone.original_id = f.settlement_id) AS reversed
FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[]) WITH ORDINALITY
    AS asked(psn_no, settlement_id, caller, infno, msgid, position)
LEFT JOIN settlement_message m
  ON (m.psn_no, m.caller, m.infno, m.msgid) = (asked.psn_no, asked.caller, asked.infno, asked.msgid)
JOIN settlement_fact f
  ON f.psn_no = asked.psn_no AND f.settlement_id = coalesce(asked.settlement_id, m.settlement_id)
