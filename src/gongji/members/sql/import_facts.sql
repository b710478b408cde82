-- What is on record about every gathered row of employer $1, in the order of lines: the person with its number (how many have
-- it), the relations of the employees' insurance (310) that cover a day of its month, the figures that stand, whether its figures were ever recorded, and another
-- line with the same person and month (the first one; for that one the second).
WITH person AS (
    SELECT cert_index, count(*) AS persons, min(psn_no) AS psn_no FROM members_person
    WHERE cert_index IN (SELECT cert_index FROM import_row)
    GROUP BY cert_index
), numbered AS (
    SELECT r.*, first_value(line_no) OVER same AS first_line, nth_value(line_no, 2) OVER same AS second_line
    FROM import_row r
    WINDOW same AS (PARTITION BY cert_index, month ORDER BY line_no
                    ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
)
SELECT r.line_no, r.name, r.month, r.base_fen, r.personal_fen, r.employer_fen, r.due_on, r.paid_on, r.kind,
       CASE WHEN r.line_no = r.first_line THEN r.second_line ELSE r.first_line END AS other_line,
       coalesce(p.persons, 0) AS persons, m.psn_no, m.name AS known_name, m.died_on, relation.relations,
       c.revision, c.base_fen AS known_base_fen, c.personal_fen AS known_personal_fen, c.employer_fen AS known_employer_fen,
       c.due_on AS known_due_on, c.paid_on AS known_paid_on, c.kind AS known_kind,
       c.revision > 1 AND EXISTS (
           SELECT FROM members_contribution e
           WHERE (e.psn_no, e.month, e.employer) = (m.psn_no, r.month, $1::text)
             AND (e.base_fen, e.personal_fen, e.employer_fen, e.due_on, e.kind)
               = (r.base_fen, r.personal_fen, r.employer_fen, r.due_on, r.kind)
             AND e.paid_on IS NOT DISTINCT FROM r.paid_on) AS repeated
FROM numbered r
LEFT JOIN person p ON p.cert_index = r.cert_index
LEFT JOIN members_person m ON m.psn_no = p.psn_no AND p.persons = 1
LEFT JOIN LATERAL (
    SELECT array_agg(ARRAY[status, payer, employer] ORDER BY from_on) AS relations FROM members_relation
    WHERE psn_no = m.psn_no AND insutype = '310' AND from_on < r.month + interval '1 month' AND (until_on IS NULL OR until_on >= r.month)
) relation ON true
LEFT JOIN LATERAL (
    SELECT * FROM members_contribution e
    WHERE (e.psn_no, e.month, e.employer) = (m.psn_no, r.month, $1::text)
    ORDER BY e.revision DESC LIMIT 1
) c ON true
ORDER BY r.line_no
