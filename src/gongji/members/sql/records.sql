-- Everything dated about the persons $1 in one read: one row a spell, `part` says of which table. Columns that a part does
-- not have are NULL. (As one JSON document a person it takes twice as long.)
SELECT 'person' AS part, psn_no, born_on AS from_on, died_on AS until_on,
       name AS text_1, cert_type AS text_2, cert_no AS text_3, gender AS text_4, ethnicity AS text_5,
       NULL::boolean AS flag_1, NULL::boolean AS flag_2, NULL::boolean AS flag_3,
       NULL::integer AS number_1, NULL::bigint AS number_2
FROM members_person WHERE psn_no = ANY($1::text[])
UNION ALL
SELECT 'relation', psn_no, from_on, until_on, insutype, status, psn_type, region, employer,
       civil_servant, flexible, has_account, NULL, NULL
FROM members_relation WHERE psn_no = ANY($1::text[])
UNION ALL
SELECT 'nonbenefit', psn_no, from_on, until_on, kind, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM members_nonbenefit WHERE psn_no = ANY($1::text[])
UNION ALL
SELECT 'filing', psn_no, from_on, until_on, kind, region, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM members_filing WHERE psn_no = ANY($1::text[])
UNION ALL
SELECT 'chronic', psn_no, from_on, until_on, disease_code, disease_name, NULL, NULL, NULL, NULL, NULL, NULL,
       ratio_bp, quota_fen
FROM members_chronic WHERE psn_no = ANY($1::text[])
