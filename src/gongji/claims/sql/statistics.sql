-- Claims received from $1 to $2 by region and state; late: finished after the term, or not finished with the term past on $3.
WITH ended AS (
    SELECT v.*, coalesce((SELECT min((s.at AT TIME ZONE 'Asia/Shanghai')::date) FROM claims_step s
                          WHERE s.psn_no = v.psn_no AND s.claim_id = v.claim_id
                            AND s.state IN ('paid', 'closed', 'refused', 'withdrawn')), $3::date) AS ended_on
    FROM claims_v_claim v WHERE v.received_on BETWEEN $1 AND $2
)
SELECT region, state, count(*) AS claims, sum(total_fen)::bigint AS total_fen, sum(fund_fen)::bigint AS fund_fen,
       sum(paid_fen)::bigint AS paid_fen, count(*) FILTER (WHERE ended_on > due_on) AS late
FROM ended GROUP BY region, state ORDER BY region, state
