-- Every step of a claim, in order.
SELECT step_no, action, state, actor, at, fund_fen, paid_fen, content::text AS content, sealed
FROM claims_step WHERE psn_no = $1 AND claim_id = $2 ORDER BY step_no
