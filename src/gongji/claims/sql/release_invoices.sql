-- Give the invoices of a claim back.
DELETE FROM claims_invoice WHERE claim_id = $1
