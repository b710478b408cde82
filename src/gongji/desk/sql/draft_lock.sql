SELECT pg_advisory_xact_lock(hashtextextended(concat_ws('/', 'desk_draft', $1::text, $2::bigint, $3::text, $4::text), 0))
