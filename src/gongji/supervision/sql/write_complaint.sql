-- A complaint as it was received; nothing when its number is taken: the same form was sent twice.
INSERT INTO supervision_complaint (complaint_id, kind, topic, region, psn_no, institution, happened_on, submitted_at, code_index, sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (complaint_id) DO NOTHING
RETURNING complaint_id
