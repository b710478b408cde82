INSERT INTO catalog_batch_decision (batch_id, verb, diff_no, version, note, decided_at, decided_by)
VALUES ($1, $2, $3, $4, $5, $6, $7)
