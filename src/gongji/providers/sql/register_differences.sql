SELECT code, part, spell_no, difference FROM providers_v_register_difference ORDER BY code, part, spell_no LIMIT $1
