INSERT INTO desk_draft (institution, account, kind, key, content, updated_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (institution, account, kind, key) DO UPDATE SET content = excluded.content, updated_at = excluded.updated_at
