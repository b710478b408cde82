-- A file of the draft $2, in the next place; nothing when the draft has the same file already or as many as $9.
INSERT INTO claims_draft_file (psn_no, claim_id, file_no, document, media, size, digest, sealed, at)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $10
WHERE NOT EXISTS (SELECT FROM claims_draft_file WHERE psn_no = $1 AND claim_id = $2 AND digest = $7)
  AND (SELECT count(*) FROM claims_draft_file WHERE psn_no = $1 AND claim_id = $2) < $9
ON CONFLICT DO NOTHING
RETURNING file_no
