-- How many claims stand in each state in areas that begin with $1.
SELECT state, count(*) AS number FROM claims_v_claim WHERE starts_with(region, $1) GROUP BY state
