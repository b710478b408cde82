-- The derived spells of an institution's items ($2 list types, $3 local items, side by side) make room for new ones.
DELETE FROM catalog_mapping
WHERE institution = $1 AND (list_type, local_item) IN (SELECT * FROM unnest($2::text[], $3::text[]))
