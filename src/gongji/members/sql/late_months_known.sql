-- Contribution months of the person $1 that may be in arrears, as they were recorded until $2.
SELECT month, due_on, paid_on FROM (
    SELECT DISTINCT ON (month, employer) month, employer, due_on, paid_on, base_fen + personal_fen + employer_fen AS declared_fen
    FROM members_contribution
    WHERE psn_no = $1 AND recorded_at <= $2
    ORDER BY month, employer, revision DESC
) AS known
WHERE declared_fen > 0 AND (paid_on IS NULL OR paid_on > due_on)
