-- What is on record about one person, month and employer, as import_facts.sql answers it for rows of a file.
SELECT m.name AS known_name, m.died_on, relation.relations,
       c.revision, c.base_fen AS known_base_fen, c.personal_fen AS known_personal_fen, c.employer_fen AS known_employer_fen,
       c.due_on AS known_due_on, c.paid_on AS known_paid_on, c.kind AS known_kind
FROM members_person m
LEFT JOIN LATERAL (
    SELECT array_agg(ARRAY[status, payer, employer] ORDER BY from_on) AS relations FROM members_relation
    WHERE psn_no = m.psn_no AND insutype = '310' AND from_on < $2::date + interval '1 month' AND (until_on IS NULL OR until_on >= $2::date)
) relation ON true
LEFT JOIN LATERAL (
    SELECT * FROM members_contribution e
    WHERE (e.psn_no, e.month, e.employer) = (m.psn_no, $2::date, $3::text)
    ORDER BY e.revision DESC LIMIT 1
) c ON true
WHERE m.psn_no = $1
