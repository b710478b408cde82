-- Cases of person $1, all or the one with the id $2, the oldest first; seals stay shut.
SELECT psn_no, case_id, kind, region, event_on, counterpart, reference, due_on, content::text AS content, opened_by, opened_at
FROM accounts_case WHERE psn_no = $1 AND ($2::bigint IS NULL OR case_id = $2)
ORDER BY opened_at, case_id
