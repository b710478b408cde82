-- Batches with their last comparison and decision: the batch $1 (NULL: all), from the file $2 (NULL: any), in the state $3 (NULL: any),
-- the newest $4 of them.
SELECT b.batch_id, b.part, b.effective_on, b.whole, b.file_name, b.form, b.row_count, b.reason, b.proposed_at, b.proposed_by,
       d.diff_no, d.added, d.changed, d.ended, d.unchanged,
       coalesce(v.verb, 'open') AS state, v.version, coalesce(v.note, '') AS note, v.decided_at, coalesce(v.decided_by, '') AS decided_by
FROM catalog_batch b
JOIN LATERAL (
    SELECT * FROM catalog_batch_diff WHERE batch_id = b.batch_id ORDER BY diff_no DESC LIMIT 1
) d ON true
LEFT JOIN catalog_batch_decision v ON v.batch_id = b.batch_id
WHERE ($1::bigint IS NULL OR b.batch_id = $1)
  AND ($2::bytea IS NULL OR b.digest = $2)
  AND ($3::text IS NULL OR coalesce(v.verb, 'open') = $3)
ORDER BY b.batch_id DESC
LIMIT $4
