SELECT psn_no, part, key, difference FROM members_v_difference ORDER BY psn_no, part, key LIMIT $1
