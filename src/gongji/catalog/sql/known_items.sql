-- Items that hold on the day $1: those with the codes $2 (NULL: all) whose codes match $3.
SELECT code, from_on, until_on, name, kind, list_type, chrgitm_lv, charge_type, spec, unit, dosform, maker,
       restricted, restriction, account_allowed, base_drug, negotiated, child_drug, prescription_only, dual_channel,
       centralized, control, antimicrobial, special_storage, long_excluded, circulation_excluded, generic_name, approval_no,
       pack_units, pack_unit, min_unit, restrictions::text
FROM (
    SELECT DISTINCT ON (code) * FROM catalog_item
    WHERE from_on <= $1 AND ($2::text[] IS NULL OR code = ANY($2)) AND code ~ $3
    ORDER BY code, from_on DESC
) begun
WHERE until_on IS NULL OR until_on >= $1
