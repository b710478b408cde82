-- Earlier imports of the same bytes (digest $1) for the same employer and month, the newest first.
SELECT import_id, file_name, mode, state, row_count, added, unchanged, rejected, recorded_at
FROM members_import WHERE file_digest = $1 AND employer = $2 AND month = $3
ORDER BY recorded_at DESC, import_id DESC
