-- Every case with its steps; key is the parameter by which a transfer was opened (inside a city or across cities).
SELECT c.psn_no, c.case_id, c.kind, c.region, c.opened_by, c.opened_at, to_json(c.opened_at)#>>'{}' AS opened, c.clause,
       encode(c.policy_digest, 'hex') AS digest, c.content->>'shares' AS shares,
       CASE WHEN left(c.content->>'other_region', 4) = left(c.region, 4) THEN 'account.transfer_within_city'
            ELSE 'account.transfer_across' END AS key,
       coalesce(s.steps, '[]')::text AS steps
FROM accounts_case c
LEFT JOIN LATERAL (
    SELECT json_agg(json_build_object('step_no', s.step_no, 'action', s.action, 'state', s.state, 'actor', s.actor, 'at', s.at,
                                      'content', s.content) ORDER BY s.step_no) AS steps
    FROM accounts_case_step s WHERE s.psn_no = c.psn_no AND s.case_id = c.case_id
) s ON true
ORDER BY c.psn_no, c.case_id
