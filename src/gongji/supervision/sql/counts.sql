-- How many complaints stand in each state in areas that begin with $1.
SELECT state, count(*) AS number FROM supervision_v_complaint WHERE starts_with(region, $1) GROUP BY state
