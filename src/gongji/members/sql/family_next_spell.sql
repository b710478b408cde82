-- The number after every spell that the user $1 ever had.
SELECT greatest(
    (SELECT coalesce(max(spell_no), 0) FROM members_change WHERE psn_no = $1 AND part = 'family'),
    (SELECT coalesce(max(spell_no), 0) FROM members_family WHERE psn_no = $1)) + 1
