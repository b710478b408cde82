-- The next free place among the files of a claim and its draft.
SELECT coalesce(max(file_no), 0) + 1 FROM (
    SELECT file_no FROM claims_file WHERE psn_no = $1 AND claim_id = $2
    UNION ALL
    SELECT file_no FROM claims_draft_file WHERE psn_no = $1 AND claim_id = $2
) AS taken
