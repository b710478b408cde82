SELECT psn_no, access_id, accessed_at, actor, purpose, fields FROM members_access
WHERE accessed_at >= $1 AND accessed_at < $2 AND ($3 = '' OR psn_no = $3) AND ($4 = '' OR strpos(actor, $4) > 0)
    AND ($5 = '' OR strpos(purpose, $5) = 1) AND access_id < $6
ORDER BY access_id DESC LIMIT $7
