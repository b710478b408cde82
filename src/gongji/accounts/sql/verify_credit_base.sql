-- Credits of month $1 in region $2 under digest $3 that are not what base and rate make: the law gives nothing from the employer's part.
SELECT psn_no, entry_id AS fact_id, target_fen AS stored, (2 * base_fen * rate_bp + 10000) / 20000 AS recomputed
FROM accounts_credit
WHERE month = $1::date AND region = $2 AND policy_digest = $3 AND rule IN ('active', 'flexible')
  AND target_fen <> (2 * base_fen * rate_bp + 10000) / 20000
LIMIT 1000
