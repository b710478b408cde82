DELETE FROM desk_draft WHERE updated_at < $1
