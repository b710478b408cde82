-- Files of a draft, in order.
SELECT file_no, document, media, size, digest, at FROM claims_draft_file WHERE psn_no = $1 AND claim_id = $2 ORDER BY file_no
