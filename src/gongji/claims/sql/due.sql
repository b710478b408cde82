-- Claims that are not finished and due from $1 (NULL: from the beginning) to $2, the most urgent first. Those whose term could
-- not be counted yet are listed by undated.sql.
SELECT v.* FROM claims_due d
JOIN claims_v_claim v ON v.psn_no = d.psn_no AND v.claim_id = d.claim_id
WHERE d.due_on <= $2 AND ($1::date IS NULL OR d.due_on >= $1) AND NOT v.finished
ORDER BY d.due_on, d.claim_id
