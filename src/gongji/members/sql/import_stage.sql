-- A block of well-formed rows by parallel arrays.
INSERT INTO import_row (line_no, cert_index, name, month, base_fen, personal_fen, employer_fen, due_on, paid_on, kind)
SELECT * FROM unnest($1::integer[], $2::bytea[], $3::text[], $4::date[], $5::bigint[], $6::bigint[], $7::bigint[],
    $8::date[], $9::date[], $10::text[])
