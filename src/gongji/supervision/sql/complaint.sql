-- The complaint with the number $1, or ($1 NULL) the one whose code has the digest $2.
SELECT complaint_id, kind, topic, region, psn_no, institution, happened_on, submitted_at, sealed
FROM supervision_complaint WHERE complaint_id = $1 OR ($1 IS NULL AND code_index = $2)
