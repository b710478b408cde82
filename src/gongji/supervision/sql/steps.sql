-- Every step of a complaint, in order.
SELECT step_no, action, state, actor, at, sealed FROM supervision_step WHERE complaint_id = $1 ORDER BY step_no
