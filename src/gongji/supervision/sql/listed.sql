-- Complaints of a person ($1, NULL: anybody), in areas that begin with $2, of a kind and in a state (NULL: any), newest first.
SELECT complaint_id, kind, topic, region, psn_no, institution, happened_on, submitted_at, step_no, action, state, actor, changed_at
FROM supervision_v_complaint
WHERE ($1::text IS NULL OR psn_no = $1) AND starts_with(region, $2) AND ($3::text IS NULL OR kind = $3)
  AND ($4::text IS NULL OR state = $4)
ORDER BY complaint_id DESC LIMIT $5 OFFSET $6
