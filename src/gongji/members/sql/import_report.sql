-- What became of a file, with its faults: $1 import, $2 name, $3 digest, $4 employer, $5 month, $6 mode, $7 state, $8 rows, $9 added,
-- $10 unchanged, $11 rejected, $12 instant, $13 actor.
WITH faults AS (
    INSERT INTO members_import_error (import_id, line_no, error_no, code, detail)
    SELECT $1, line_no, error_no, code, detail FROM import_fault
)
INSERT INTO members_import (import_id, file_name, file_digest, employer, month, mode, state, row_count, added, unchanged, rejected,
    recorded_at, actor)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
