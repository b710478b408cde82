DELETE FROM claims_draft_file WHERE at < $1
