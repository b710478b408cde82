SELECT count(*) FROM members_import_error WHERE import_id = $1
