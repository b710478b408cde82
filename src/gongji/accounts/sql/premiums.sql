-- Premiums of one insured person, product and year whoever paid them ($1, $2, $3), or under a caller's own number of the owner
-- ($4, $5, $6), or the one with the id $7 of the owner $4; with whether each was refunded.
SELECT p.premium_id, p.psn_no AS owner, p.insured, p.product, p.year, p.payee, p.amount_fen, p.caller, p.caller_no, p.attempt,
       r.premium_id IS NOT NULL AS refunded
FROM accounts_premium p
LEFT JOIN accounts_premium_refund r ON r.psn_no = p.psn_no AND r.premium_id = p.premium_id
WHERE (p.insured = $1 AND p.product = $2 AND p.year = $3)
   OR (p.psn_no = $4 AND p.caller = $5 AND p.caller_no = $6)
   OR (p.psn_no = $4 AND p.premium_id = $7)
ORDER BY p.psn_no, p.premium_id
