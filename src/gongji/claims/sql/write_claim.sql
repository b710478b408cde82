-- The application as a fact.
INSERT INTO claims_claim (psn_no, claim_id, region, received_on, received_at, received_by, total_fen, content, sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text::jsonb, $9)
