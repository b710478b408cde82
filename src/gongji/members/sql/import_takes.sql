-- A block of rows that are to be recorded, by parallel arrays.
INSERT INTO import_take (line_no, psn_no, revision) SELECT * FROM unnest($1::integer[], $2::text[], $3::integer[])
