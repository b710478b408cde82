-- Everything dated about the persons $1 in one read: one row a spell, `part` says of which table. Columns that a part does
-- not have are NULL. (As one JSON document a person it takes twice as long.) Of contributions only the months that may be in
-- arrears are read: something is declared and unpaid or paid late, in their latest revision.
SELECT 'person' AS part, psn_no, born_on AS from_on, died_on AS until_on,
       name AS text_1, cert_type AS text_2, gender AS text_3, ethnicity AS text_4, NULL::text AS text_5, NULL::text AS text_6,
       NULL::text AS text_7, NULL::text AS text_8, NULL::boolean AS flag_1, NULL::boolean AS flag_2,
       NULL::bigint AS number_1, NULL::bigint AS number_2, NULL::bigint AS number_3, NULL::bigint AS number_4,
       NULL::date AS day_1, cert_sealed AS sealed_1
FROM members_person WHERE psn_no = ANY($1::text[])
UNION ALL
SELECT 'relation', psn_no, from_on, until_on, insutype, status, category, psn_type, region, employer, payer, end_reason,
       civil_servant, has_account, NULL, NULL, NULL, NULL, NULL, NULL
FROM members_relation WHERE psn_no = ANY($1::text[])
UNION ALL
SELECT 'nonbenefit', psn_no, from_on, until_on, kind, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       NULL, NULL, NULL, NULL, NULL, NULL
FROM members_nonbenefit WHERE psn_no = ANY($1::text[])
UNION ALL
SELECT 'filing', psn_no, from_on, until_on, kind, region, subtype, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       spell_no, NULL, NULL, NULL, filed_on, NULL
FROM members_filing WHERE psn_no = ANY($1::text[])
UNION ALL
SELECT 'chronic', psn_no, from_on, until_on, disease_code, disease_name, treatment, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       ratio_bp, quota_month_fen, quota_quarter_fen, quota_fen, NULL, NULL
FROM members_chronic WHERE psn_no = ANY($1::text[])
UNION ALL
SELECT 'late', psn_no, c.due_on, c.paid_on, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       NULL, NULL, NULL, NULL, c.month, NULL
FROM members_contribution c
WHERE c.psn_no = ANY($1::text[]) AND (c.paid_on IS NULL OR c.paid_on > c.due_on)
  AND c.base_fen + c.personal_fen + c.employer_fen > 0
  AND NOT EXISTS (
    SELECT FROM members_contribution later
    WHERE later.psn_no = c.psn_no AND later.month = c.month AND later.employer = c.employer AND later.revision > c.revision)
