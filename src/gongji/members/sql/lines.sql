-- History of the person $1 as it was recorded until $2: the latest line of every row. Credentials and spells that were
-- withdrawn are among them, so that their numbers are not used again.
SELECT DISTINCT ON (part, spell_no) part, spell_no, revision, content::text AS content, recorded_at
FROM members_change
WHERE psn_no = $1 AND recorded_at <= $2
ORDER BY part, spell_no, revision DESC
