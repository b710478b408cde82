-- Visits ($4: is it a manual claim) whose invoice a settlement in force has paid already the other way: at the institution's counter
-- for a claim, by a claim for the counter. Compared without blanks, in capitals, full-width forms made half-width.
-- $5: reasons for which the pool may have refused at the counter and yet be asked by a claim. options & 16: a claim.
SELECT DISTINCT asked.position::integer AS position
FROM unnest($1::text[], $2::text[], $3::text[], $4::boolean[]) WITH ORDINALITY
    AS asked(psn_no, provider, invoice_no, claim, position)
JOIN settlement_fact f
  ON f.psn_no = asked.psn_no AND f.provider = asked.provider AND f.kind = 1 AND (f.options & 16 <> 0) <> asked.claim
 AND upper(regexp_replace(normalize(f.invoice_no, NFKC), '\s', '', 'g'))
   = upper(regexp_replace(normalize(asked.invoice_no, NFKC), '\s', '', 'g'))
WHERE NOT (asked.claim AND f.refusal = ANY ($5::text[]))
  AND NOT EXISTS (SELECT FROM settlement_fact undone WHERE undone.psn_no = f.psn_no AND undone.original_id = f.settlement_id)
