DELETE FROM desk_draft WHERE updated_at < $1 AND (updated_at < $2 OR kind <> ALL ($3::text[]))
