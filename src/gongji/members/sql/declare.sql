INSERT INTO members_declaration (psn_no, declaration_id, kind, content, sealed, submitted_by, submitted_at)
VALUES ($1, $2, $3, $4::text::jsonb, $5, $6, $7)
