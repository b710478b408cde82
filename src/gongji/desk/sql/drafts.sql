SELECT key, content, updated_at FROM desk_draft WHERE institution = $1 AND account = $2 AND kind = $3 ORDER BY updated_at DESC, key
