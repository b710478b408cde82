INSERT INTO access_session (digest, account_id, generation, complete, factor, started_at, seen_at, idle_s, address, agent)
VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9)
