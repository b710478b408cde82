INSERT INTO members_contribution (psn_no, month, employer, revision, base_fen, personal_fen, employer_fen, due_on, paid_on, kind,
    recorded_at, actor)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
