SELECT code, staff_code, name, kind, title, department, rights, from_on, until_on FROM providers_staff ORDER BY code, spell_no
