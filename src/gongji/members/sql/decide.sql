-- The first decision about a declaration stands: a later one, even at the same moment, writes nothing and answers nothing.
INSERT INTO members_decision (psn_no, declaration_id, state, decided_by, decided_at, reason)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (psn_no, declaration_id) DO NOTHING RETURNING declaration_id
