INSERT INTO access_grant (account_id, role) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING role
