-- The derived spells of an institution, in the order of their derivation.
SELECT list_type, local_item, spell_no, entry_no, code, from_on, until_on, valid, changed_at
FROM catalog_mapping WHERE institution = $1
ORDER BY list_type, local_item, spell_no
