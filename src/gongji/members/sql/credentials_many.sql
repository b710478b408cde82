-- Credentials by parallel arrays of kind and number; position is that of the question, from 1.
SELECT asked.position, c.psn_no, c.kind, c.number, c.card_sn, c.from_on, c.until_on, c.blocked_from, c.blocked_until,
       c.earlier_blocks::text
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS asked(kind, number, position)
JOIN members_credential c ON c.kind = asked.kind AND c.number = asked.number
ORDER BY asked.position, c.from_on DESC
