-- Claims without a term: the holidays of a year were not published when they were received.
SELECT c.psn_no, c.claim_id, c.region, c.received_on FROM claims_claim c
WHERE NOT EXISTS (SELECT FROM claims_due d WHERE d.psn_no = c.psn_no AND d.claim_id = c.claim_id)
ORDER BY c.claim_id
