SELECT psn_no FROM members_person WHERE cert_index = $1 AND psn_no <> $2 LIMIT 1
