-- Names of the persons $1, whoever is known.
SELECT psn_no, name FROM members_person WHERE psn_no = ANY($1::text[])
