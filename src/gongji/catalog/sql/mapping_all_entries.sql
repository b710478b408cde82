-- Everything that an institution has said about its items.
SELECT list_type, local_item, entry_no, entry_id, verb, code, from_on, until_on, local_name, approval_no, dosform, excluded,
       content, unit, spec, pack_spec, memo, recorded_at
FROM catalog_mapping_entry WHERE institution = $1
ORDER BY list_type, local_item, entry_no
