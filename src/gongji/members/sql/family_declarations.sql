-- Applications for family bindings of owner $1, all or the one with id $2, and what was decided, newest first.
SELECT psn_no, declaration_id, content::text AS content, submitted_by, submitted_at, state, decided_by, decided_at, reason
FROM members_v_declaration
WHERE psn_no = $1 AND kind = 'family' AND ($2::bigint IS NULL OR declaration_id = $2)
ORDER BY submitted_at DESC, declaration_id DESC
