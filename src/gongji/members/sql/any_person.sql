-- One person, by whose number it is seen whether the keys of personal data are those of this database.
SELECT psn_no, cert_sealed, cert_index FROM members_person ORDER BY psn_no LIMIT 1
