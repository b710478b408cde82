-- What an institution has said about these items ($2 list types, $3 local items, side by side), oldest first.
SELECT list_type, local_item, entry_no, entry_id, verb, code, from_on, until_on, local_name, approval_no, dosform, excluded,
       content, unit, spec, pack_spec, memo, recorded_at
FROM catalog_mapping_entry
WHERE institution = $1 AND (list_type, local_item) IN (SELECT * FROM unnest($2::text[], $3::text[]))
ORDER BY list_type, local_item, entry_no
