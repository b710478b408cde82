SELECT psn_no, owner FROM members_family
WHERE psn_no = ANY($1::text[]) AND from_on <= $2 AND (until_on IS NULL OR until_on >= $2)
ORDER BY psn_no, spell_no
