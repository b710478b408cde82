-- A block of faults by parallel arrays.
INSERT INTO import_fault (line_no, error_no, code, detail)
SELECT * FROM unnest($1::integer[], $2::integer[], $3::text[], $4::text[])
