INSERT INTO accounts_case_step (psn_no, case_id, step_no, action, state, account_state, content, sealed, note, actor, at)
VALUES ($1, $2, $3, $4, $5, $6, $7::text::jsonb, $8, $9, $10, $11)
