INSERT INTO catalog_batch_diff (batch_id, diff_no, base, added, changed, ended, unchanged, compared_at, compared_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
