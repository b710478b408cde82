-- A file of everybody or of the caller ($2).
SELECT owner, name, content, expires_at FROM gateway_file WHERE file_no = $1 AND owner IN ('', $2);
