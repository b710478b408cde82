SELECT code, part, spell_no, difference FROM providers_v_difference ORDER BY code, part, spell_no LIMIT $1
