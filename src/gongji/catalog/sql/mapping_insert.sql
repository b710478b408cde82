-- New entries of an institution ($1) by an actor ($2) at an instant ($3); the rest column by column.
INSERT INTO catalog_mapping_entry (institution, actor, recorded_at, list_type, local_item, entry_no, entry_id, verb, code, from_on,
    until_on, local_name, approval_no, dosform, excluded, content, unit, spec, pack_spec, memo)
SELECT $1, $2, $3, *
FROM unnest($4::text[], $5::text[], $6::integer[], $7::bigint[], $8::text[], $9::text[], $10::date[], $11::date[], $12::text[],
    $13::text[], $14::text[], $15::text[], $16::text[], $17::text[], $18::text[], $19::text[], $20::text[])
