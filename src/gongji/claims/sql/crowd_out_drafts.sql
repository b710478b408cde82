-- Of the person $1, delete the files of drafts other than $2 but for the newest $3.
DELETE FROM claims_draft_file
WHERE psn_no = $1 AND claim_id <> $2 AND claim_id NOT IN (
    SELECT claim_id FROM claims_draft_file WHERE psn_no = $1 AND claim_id <> $2
    GROUP BY claim_id ORDER BY max(at) DESC, claim_id DESC LIMIT $3
)
