-- Invoices $3 (as they are compared: capitals, no blanks) of the person $1 at the institution $2 that a settlement in force has
-- paid already, other than the claims' own ($4).
SELECT DISTINCT upper(regexp_replace(invoice_no, '\s', '', 'g')) AS invoice_no FROM settlement_v_settlement
WHERE psn_no = $1 AND provider = $2 AND upper(regexp_replace(invoice_no, '\s', '', 'g')) = ANY ($3::text[])
  AND kind = 1 AND reversed_by IS NULL AND infno <> $4
