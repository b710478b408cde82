-- Record the rows taken: $1 import, $2 employer, $3 instant, $4 actor.
INSERT INTO members_contribution (psn_no, month, employer, revision, base_fen, personal_fen, employer_fen, due_on, paid_on, kind,
    import_id, line_no, recorded_at, actor)
SELECT t.psn_no, r.month, $2, t.revision, r.base_fen, r.personal_fen, r.employer_fen, r.due_on, r.paid_on, r.kind,
    $1, r.line_no, $3, $4
FROM import_take t JOIN import_row r USING (line_no)
