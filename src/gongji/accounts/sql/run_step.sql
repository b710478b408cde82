INSERT INTO accounts_run_step (run_id, step_no, through, finished, tally, actor, recorded_at)
VALUES ($1, $2, $3, $4, $5::jsonb, $6, $7)
