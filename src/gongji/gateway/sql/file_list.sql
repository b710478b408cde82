-- A list that has been made already and can still be fetched after $2.
SELECT file_no, name, row_count, expires_at FROM gateway_file WHERE list_key = $1 AND expires_at > $2;
