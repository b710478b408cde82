INSERT INTO stock_virtual_code (institution, code_id, code, item, local_item, local_name, batch, issued_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
