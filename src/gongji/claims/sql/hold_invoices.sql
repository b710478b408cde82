-- Take the invoices $2 of the institution $1 for a claim; sorted, so that two claims never wait for each other in a circle.
-- An invoice that another claim holds fails (claims_invoice_pkey).
INSERT INTO claims_invoice (institution, invoice_no, holder, claim_id)
SELECT $1, invoice_no, $3, $4 FROM unnest($2::text[]) AS invoice_no ORDER BY invoice_no
