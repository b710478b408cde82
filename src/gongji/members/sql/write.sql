SELECT members_write($1, $2::bigint[], $3::text[], $4::bigint[], $5::integer[], $6::text[], $7, $8, $9)
