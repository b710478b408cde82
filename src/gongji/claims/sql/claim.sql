-- The claim $1; of the person $2 only, when one is given.
SELECT c.psn_no, c.claim_id, c.region, c.received_at, c.received_by, c.content::text AS content, c.sealed, d.due_on
FROM claims_claim c
LEFT JOIN claims_due d ON d.psn_no = c.psn_no AND d.claim_id = c.claim_id
WHERE c.claim_id = $1 AND ($2::text IS NULL OR c.psn_no = $2)
