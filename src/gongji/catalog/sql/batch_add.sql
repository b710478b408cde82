INSERT INTO catalog_batch (batch_id, part, effective_on, whole, file_name, form, digest, reason, row_count, proposed_at, proposed_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
