-- A list for everybody; made twice at a time, one stays, and lives as long as the later one.
INSERT INTO gateway_file (file_no, owner, list_key, name, row_count, size, content, created_at, expires_at)
VALUES ($1, '', $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (list_key) DO UPDATE SET expires_at = greatest(gateway_file.expires_at, excluded.expires_at)
RETURNING file_no, name, row_count, expires_at;
