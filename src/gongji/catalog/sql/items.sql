SELECT code, from_on, until_on, name, kind, list_type, chrgitm_lv, charge_type, spec, unit, dosform, maker,
       restricted, restriction, account_allowed, base_drug, negotiated, child_drug, prescription_only, dual_channel
FROM catalog_item WHERE version > $1
ORDER BY code, from_on
