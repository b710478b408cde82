-- What is sealed in a case: step 0 is the application.
SELECT 0 AS step_no, sealed FROM accounts_case WHERE psn_no = $1 AND case_id = $2 AND sealed IS NOT NULL
UNION ALL
SELECT step_no, sealed FROM accounts_case_step WHERE psn_no = $1 AND case_id = $2 AND sealed IS NOT NULL
ORDER BY step_no
