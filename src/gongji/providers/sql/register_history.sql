-- Every line of a part ($2) of an institution's register, oldest first.
SELECT part, spell_no, revision, content::text AS content, recorded_at, actor, reason
FROM providers_change WHERE code = $1 AND part = ANY($2)
ORDER BY recorded_at, part, spell_no, revision
