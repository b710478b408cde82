-- The application for a family binding with id $1, whoever its owner is, and what was decided.
SELECT psn_no, declaration_id, content::text AS content, submitted_by, submitted_at, state, decided_by, decided_at, reason
FROM members_v_declaration
WHERE declaration_id = $1 AND kind = 'family'
