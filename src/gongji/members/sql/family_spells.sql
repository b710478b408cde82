-- Family bindings by user ($1) or owner ($2), the other one NULL, with the revision of each spell; in the order of binding.
SELECT f.psn_no, f.spell_no, f.from_on, f.until_on, f.owner, f.relation, f.declaration_id,
       coalesce((SELECT max(c.revision) FROM members_change c
                 WHERE c.psn_no = f.psn_no AND c.part = 'family' AND c.spell_no = f.spell_no), 0) AS revision
FROM members_family f
WHERE f.psn_no = $1 OR f.owner = $2
ORDER BY f.psn_no, f.spell_no
