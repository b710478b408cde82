-- Claims that are not finished and have no term: the holidays of a year were not published when they were received.
SELECT psn_no, claim_id, region, received_on FROM claims_v_claim
WHERE due_on IS NULL AND NOT finished
ORDER BY claim_id
