-- Applications that wait for a decision, of kind $1 and of persons insured in the region $2 (digits it begins with), oldest
-- first; NULL asks for all. A person belongs to the region of the relation that began last.
SELECT d.psn_no, d.declaration_id, d.kind, d.content::text AS content, d.sealed, d.submitted_by, d.submitted_at,
       d.state, d.decided_by, d.decided_at, d.reason
FROM members_v_declaration d
WHERE d.state = 'submitted' AND ($1::text IS NULL OR d.kind = $1)
  AND ($2::text IS NULL OR starts_with((
      SELECT r.region FROM members_relation r WHERE r.psn_no = d.psn_no ORDER BY r.from_on DESC LIMIT 1), $2))
ORDER BY d.submitted_at, d.declaration_id LIMIT $3
