INSERT INTO catalog_batch_change (batch_id, diff_no, code, region, fee_class, verb, before, after)
SELECT $1, $2, code, region, fee_class, verb, before::jsonb, after::jsonb
FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
    AS given (code, region, fee_class, verb, before, after)
