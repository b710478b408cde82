-- Interest until $1 in region $2 under digest $3 whose sum is not what the movements before it make; $4 are the sums of rates for each
-- first day of the year.
SELECT i.psn_no, i.entry_id AS fact_id, i.fen_bp_days AS stored, m.fen_bp_days AS recomputed
FROM accounts_interest i
LEFT JOIN accounts_entry own ON own.psn_no = i.psn_no AND own.entry_id = i.entry_id
CROSS JOIN LATERAL (
    SELECT coalesce(sum(e.amount_fen * ($4::bigint[])[greatest((e.occurred_at AT TIME ZONE 'Asia/Shanghai')::date, i.from_on)
                                                      - date_trunc('year', i.through_on)::date + 1]), 0)::bigint AS fen_bp_days
    FROM accounts_entry e
    WHERE e.psn_no = i.psn_no AND (e.occurred_at AT TIME ZONE 'Asia/Shanghai')::date <= i.through_on
      AND (own.version IS NULL OR e.version < own.version)
) m
WHERE i.through_on = $1::date AND i.region = $2 AND i.policy_digest = $3 AND i.fen_bp_days <> m.fen_bp_days
LIMIT 1000
