-- Derived spells of an institution, column by column.
INSERT INTO catalog_mapping (institution, list_type, local_item, spell_no, entry_no, code, from_on, until_on, valid, changed_at)
SELECT $1, *
FROM unnest($2::text[], $3::text[], $4::integer[], $5::integer[], $6::text[], $7::date[], $8::date[], $9::boolean[],
    $10::timestamptz[])
