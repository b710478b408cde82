-- Cases that are not finished, with what they wait for; those whose term ends first come first. $1: only those overdue on that day.
SELECT psn_no, case_id, kind, state, region, due_on, opened_at FROM accounts_v_case
WHERE state IN ('opened', 'approved', 'returned') AND ($1::date IS NULL OR due_on < $1)
ORDER BY due_on NULLS LAST, opened_at, case_id
