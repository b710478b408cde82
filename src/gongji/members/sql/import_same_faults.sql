-- Whether the faults found now are those of the import $1.
SELECT NOT EXISTS (
    (TABLE import_fault EXCEPT SELECT line_no, error_no, code, detail FROM members_import_error WHERE import_id = $1)
    UNION ALL
    (SELECT line_no, error_no, code, detail FROM members_import_error WHERE import_id = $1 EXCEPT TABLE import_fault))
