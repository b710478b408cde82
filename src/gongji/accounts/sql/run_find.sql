-- The newest run of kind $1 for period $2 and region $3, with its last step.
SELECT r.run_id, r.policy_digest, coalesce(s.step_no, 0) AS step_no, coalesce(s.through, '') AS through,
       coalesce(s.finished, false) AS finished
FROM accounts_run r
LEFT JOIN LATERAL (SELECT * FROM accounts_run_step s WHERE s.run_id = r.run_id ORDER BY s.step_no DESC LIMIT 1) s ON true
WHERE r.kind = $1 AND r.period = $2 AND r.region = $3
ORDER BY r.run_id DESC LIMIT 1
