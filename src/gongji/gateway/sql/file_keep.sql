-- An institution's own file, unless what it has that has not expired would be more than $9 bytes.
INSERT INTO gateway_file (file_no, owner, list_key, name, row_count, size, content, created_at, expires_at)
SELECT $1, $2::text, NULL, $3, $4, $5::integer, $6, $7::timestamptz, $8
WHERE (SELECT coalesce(sum(size), 0) FROM gateway_file WHERE owner = $2::text AND expires_at > $7::timestamptz) + $5::integer
      <= $9::bigint
RETURNING file_no;
