-- The applications of a person's claims: which visits they are for, and where.
SELECT c.claim_id, c.content::text AS content FROM claims_claim c WHERE c.psn_no = $1 ORDER BY c.claim_id
