SELECT psn_no, name, cert_type, cert_no, gender, ethnicity, born_on, died_on
FROM members_person WHERE cert_no = $1 LIMIT 2
