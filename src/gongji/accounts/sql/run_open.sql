INSERT INTO accounts_run (run_id, kind, period, region, policy_digest, actor, started_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
