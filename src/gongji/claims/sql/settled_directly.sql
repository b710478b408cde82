-- Invoices $3 (as they are compared: half-width, capitals, no blanks) of the person $1 at the institution $2 that a settlement in
-- force has settled already, other than the claims' own ($4) and those that the pool refused for a reason of $5.
WITH direct AS (
    SELECT upper(regexp_replace(normalize(invoice_no, NFKC), '\s', '', 'g')) AS invoice_no FROM settlement_v_settlement
    WHERE psn_no = $1 AND provider = $2 AND kind = 1 AND reversed_by IS NULL AND infno <> $4 AND refusal <> ALL ($5::text[])
)
SELECT DISTINCT invoice_no FROM direct WHERE invoice_no = ANY ($3::text[])
