-- Where run $1 stands: its last step.
SELECT step_no, through, finished FROM accounts_run_step WHERE run_id = $1 ORDER BY step_no DESC LIMIT 1
