-- Claims that hold one of the invoices $1, at whatever institution.
SELECT institution, invoice_no, holder, claim_id FROM claims_invoice WHERE invoice_no = ANY ($1::text[]) ORDER BY claim_id
