-- One step as a fact; a number that is taken already says that somebody else was faster (supervision_step_pkey).
INSERT INTO supervision_step (complaint_id, step_no, action, state, actor, at, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7)
