INSERT INTO members_access (psn_no, access_id, accessed_at, actor, purpose, fields) VALUES ($1, $2, $3, $4, $5, $6)
