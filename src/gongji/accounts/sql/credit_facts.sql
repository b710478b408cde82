-- What the crediting of month $3 depends on, of the persons after $1 up to $2: one row a relation of the employee scheme that touches
-- the month, the day before or the day after it (one row without, when there is none), with what was received and what was credited so far.
SELECT p.psn_no, p.died_on, r.from_on, r.until_on, r.status, r.category, r.region, r.payer, r.has_account,
       r.retired_on, c.base_fen, c.employer_fen, l.sequence, l.rule, l.target_fen, l.region AS credited_region
FROM members_person p
LEFT JOIN members_relation r
    ON r.psn_no = p.psn_no AND r.insutype = '310' AND r.from_on <= $4::date AND (r.until_on IS NULL OR r.until_on >= $3::date - 1)
LEFT JOIN (
    SELECT c.psn_no, sum(c.base_fen)::bigint AS base_fen, sum(c.employer_fen)::bigint AS employer_fen
    FROM members_contribution c
    WHERE c.month = $3::date AND c.psn_no > $1 AND c.psn_no <= $2 AND c.paid_on IS NOT NULL
      AND NOT EXISTS (SELECT FROM members_contribution later WHERE later.psn_no = c.psn_no AND later.month = c.month
                      AND later.employer = c.employer AND later.revision > c.revision)
    GROUP BY c.psn_no
) c ON c.psn_no = p.psn_no
LEFT JOIN LATERAL (
    SELECT l.sequence, l.rule, l.target_fen, l.region FROM accounts_credit l
    WHERE l.psn_no = p.psn_no AND l.month = $3::date ORDER BY l.sequence DESC LIMIT 1
) l ON true
WHERE p.psn_no > $1 AND p.psn_no <= $2
ORDER BY p.psn_no, r.from_on
