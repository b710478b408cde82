-- The term of a claim, once.
INSERT INTO claims_due (psn_no, claim_id, due_on, set_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (psn_no, claim_id) DO NOTHING
