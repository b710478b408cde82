-- Applications of the person $1, all or the one with id $2, and what was decided, oldest first.
SELECT psn_no, declaration_id, kind, content::text AS content, sealed, submitted_by, submitted_at,
       state, decided_by, decided_at, reason
FROM members_v_declaration
WHERE psn_no = $1 AND ($2::bigint IS NULL OR declaration_id = $2)
ORDER BY submitted_at, declaration_id
