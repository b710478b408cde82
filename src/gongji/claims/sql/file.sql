-- One file of a claim, or ($4) of a draft.
SELECT media, sealed FROM claims_file WHERE psn_no = $1 AND claim_id = $2 AND file_no = $3 AND NOT $4
UNION ALL
SELECT media, sealed FROM claims_draft_file WHERE psn_no = $1 AND claim_id = $2 AND file_no = $3 AND $4
