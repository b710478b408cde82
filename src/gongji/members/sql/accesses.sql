-- Several accesses to personal data at once, in order.
INSERT INTO members_access (psn_no, access_id, accessed_at, actor, purpose, fields)
SELECT * FROM unnest($1::text[], $2::bigint[], $3::timestamptz[], $4::text[], $5::text[], $6::text[]);
