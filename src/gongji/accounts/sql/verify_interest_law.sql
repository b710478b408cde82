-- Which laws interest was computed by.
SELECT encode(policy_digest, 'hex') AS digest, region, through_on, array_agg(DISTINCT clause) AS clauses, min(psn_no) AS psn_no
FROM accounts_interest GROUP BY policy_digest, region, through_on ORDER BY through_on, region
