-- Owners whose accounts the persons $1 may use on the day $2, in the order of binding; nobody pays after the day of death.
SELECT f.psn_no, f.owner
FROM members_family f
JOIN members_person o ON o.psn_no = f.owner AND (o.died_on IS NULL OR $2 <= o.died_on)
WHERE f.psn_no = ANY($1::text[]) AND f.from_on <= $2 AND (f.until_on IS NULL OR f.until_on >= $2)
ORDER BY f.psn_no, f.spell_no
