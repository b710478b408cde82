SELECT line_no, code, detail FROM members_import_error WHERE import_id = $1 ORDER BY line_no, error_no LIMIT $2
