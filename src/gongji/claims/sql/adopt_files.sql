-- The files of a draft become files of the claim, after those that it has, in their order; the seal stays: it names number and place.
WITH moved AS (
    DELETE FROM claims_draft_file WHERE psn_no = $1 AND claim_id = $2
    RETURNING file_no, document, media, size, digest, sealed
)
INSERT INTO claims_file (psn_no, claim_id, file_no, document, media, size, digest, sealed, actor, at)
SELECT $1, $2, file_no, document, media, size, digest, sealed, $3, $4 FROM moved
