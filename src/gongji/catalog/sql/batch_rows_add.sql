INSERT INTO catalog_batch_row (batch_id, line_no, content)
SELECT $1, line_no, content::jsonb FROM unnest($2::int[], $3::text[]) AS given (line_no, content)
