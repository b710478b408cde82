-- The latest line of every row of an institution's register in the parts $2, withdrawn ones among them.
SELECT DISTINCT ON (part, spell_no) part, spell_no, revision, content::text AS content
FROM providers_change WHERE code = $1 AND part = ANY($2)
ORDER BY part, spell_no, revision DESC
