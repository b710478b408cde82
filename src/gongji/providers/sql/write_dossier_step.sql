-- One step as a fact; a number that is taken already says that somebody else was faster (providers_step_pkey).
INSERT INTO providers_step (code, dossier_id, step_no, action, state, actor, at, content, sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text::jsonb, $9)
