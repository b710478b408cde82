INSERT INTO lawbook_version (digest, library, source, recorded_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (digest) DO NOTHING
RETURNING digest
