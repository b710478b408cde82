-- Everything dated about the persons $1, one JSON document each (members.values.Records).
SELECT p.psn_no, json_build_object(
    'person', json_build_object('psn_no', p.psn_no, 'name', p.name, 'cert_type', p.cert_type, 'cert_no', p.cert_no,
        'gender', p.gender, 'ethnicity', p.ethnicity, 'born_on', p.born_on, 'died_on', p.died_on),
    'relations', coalesce((SELECT json_agg(s) FROM members_relation s WHERE s.psn_no = p.psn_no), '[]'),
    'nonbenefits', coalesce((SELECT json_agg(s) FROM members_nonbenefit s WHERE s.psn_no = p.psn_no), '[]'),
    'filings', coalesce((SELECT json_agg(s) FROM members_filing s WHERE s.psn_no = p.psn_no), '[]'),
    'chronic', coalesce((SELECT json_agg(s) FROM members_chronic s WHERE s.psn_no = p.psn_no), '[]')
)::text AS records
FROM members_person p
WHERE p.psn_no = ANY($1::text[])
