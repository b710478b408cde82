-- Claims of areas that begin with $1, in the state $2 (NULL: all that are not finished), the most urgent first; at most $3.
SELECT * FROM claims_v_claim
WHERE starts_with(region, $1) AND CASE WHEN $2::text IS NULL THEN NOT finished ELSE state = $2 END
ORDER BY finished, due_on NULLS LAST, claim_id LIMIT $3
