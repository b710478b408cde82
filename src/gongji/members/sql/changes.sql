-- Every line of history of the person $1, in the order in which it was recorded.
SELECT part, spell_no, revision, content::text AS content, recorded_at, actor, reason
FROM members_change WHERE psn_no = $1
ORDER BY recorded_at, change_id
