-- One step as a fact; a number that is taken already says that somebody else was faster (claims_step_pkey).
INSERT INTO claims_step (psn_no, claim_id, step_no, action, state, actor, at, fund_fen, paid_fen, content, sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::text::jsonb, $11)
