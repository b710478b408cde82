SELECT psn_no, name, cert_type, cert_sealed, gender, ethnicity, born_on, died_on
FROM members_person WHERE psn_no = $1
