-- The months of a person as they stand, in order.
SELECT psn_no, month, employer, revision, base_fen, personal_fen, employer_fen, due_on, paid_on, kind, import_id, line_no,
       recorded_at, actor
FROM members_v_contribution WHERE psn_no = $1
ORDER BY month, employer
