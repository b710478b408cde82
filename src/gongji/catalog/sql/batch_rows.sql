SELECT content::text FROM catalog_batch_row WHERE batch_id = $1 ORDER BY line_no
