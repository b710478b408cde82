DELETE FROM claims_draft_file WHERE psn_no = $1 AND claim_id = $2 AND file_no = $3
