-- What credits say about the law: each combination once, with one person for an example. A fixed amount counts as a rate of its own.
SELECT encode(policy_digest, 'hex') AS digest, rule, reason, region, month, rate_bp, clause,
       CASE WHEN rule = 'retired' THEN target_fen END AS fixed_fen, min(psn_no) AS psn_no
FROM accounts_credit
GROUP BY policy_digest, rule, reason, region, month, rate_bp, clause, CASE WHEN rule = 'retired' THEN target_fen END
ORDER BY month, region, rule
