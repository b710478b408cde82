SELECT code, from_on, until_on, name, kind, list_type, chrgitm_lv, charge_type, spec, unit, dosform, maker,
       restricted, restriction, account_allowed, base_drug, negotiated, child_drug, prescription_only, dual_channel,
       centralized, control, antimicrobial, special_storage, long_excluded, circulation_excluded, generic_name, approval_no,
       pack_units, pack_unit, min_unit, restrictions::text
FROM catalog_item WHERE version > $1
ORDER BY code, from_on
