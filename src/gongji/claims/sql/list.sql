-- Claims by state ($1, NULL: all), person ($2), receipt from $3 to $4, newest first; a page of $5 rows after $6.
SELECT * FROM claims_v_claim
WHERE ($1::text IS NULL OR state = $1) AND ($2::text IS NULL OR psn_no = $2)
  AND ($3::date IS NULL OR received_on >= $3) AND ($4::date IS NULL OR received_on <= $4)
ORDER BY claim_id DESC LIMIT $5 OFFSET $6
