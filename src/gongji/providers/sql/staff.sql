-- Entries of the register of staff: all, or those of the institutions $1.
SELECT code, staff_code, name, kind, title, department, rights, from_on, until_on
FROM providers_staff WHERE $1::text[] IS NULL OR code = ANY($1)
ORDER BY code, spell_no
