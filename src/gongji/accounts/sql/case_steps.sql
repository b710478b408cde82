SELECT case_id, step_no, action, state, account_state, content::text AS content, note, actor, at
FROM accounts_case_step WHERE psn_no = $1 AND ($2::bigint IS NULL OR case_id = $2)
ORDER BY case_id, step_no
