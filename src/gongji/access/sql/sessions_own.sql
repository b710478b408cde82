SELECT digest, started_at, seen_at, address, agent FROM access_session
WHERE account_id = $1 AND complete ORDER BY started_at DESC, digest
