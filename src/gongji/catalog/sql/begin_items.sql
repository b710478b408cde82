-- What comparison $2 of the batch $1 adds or changes begins; what began on the same day is corrected.
INSERT INTO catalog_item (
    code, from_on, until_on, name, kind, list_type, chrgitm_lv, charge_type, spec, unit, dosform, maker, restricted,
    restriction, account_allowed, base_drug, negotiated, child_drug, prescription_only, dual_channel, centralized,
    control, antimicrobial, special_storage, long_excluded, circulation_excluded, generic_name, approval_no,
    pack_units, pack_unit, min_unit, restrictions, version
)
SELECT r.code, r.from_on, r.until_on, r.name, r.kind, r.list_type, r.chrgitm_lv, r.charge_type, r.spec, r.unit,
       r.dosform, r.maker, r.restricted, r.restriction, r.account_allowed, r.base_drug, r.negotiated, r.child_drug,
       r.prescription_only, r.dual_channel, r.centralized, r.control, r.antimicrobial, r.special_storage,
       r.long_excluded, r.circulation_excluded, r.generic_name, r.approval_no, r.pack_units, r.pack_unit, r.min_unit,
       r.restrictions, 0
FROM catalog_batch_change c, LATERAL jsonb_populate_record(NULL::catalog_item, c.after) r
WHERE c.batch_id = $1 AND c.diff_no = $2 AND c.verb <> 'ended'
ON CONFLICT (code, from_on) DO UPDATE SET
    until_on = excluded.until_on, name = excluded.name, kind = excluded.kind, list_type = excluded.list_type,
    chrgitm_lv = excluded.chrgitm_lv, charge_type = excluded.charge_type, spec = excluded.spec, unit = excluded.unit,
    dosform = excluded.dosform, maker = excluded.maker, restricted = excluded.restricted, restriction =
    excluded.restriction, account_allowed = excluded.account_allowed, base_drug = excluded.base_drug, negotiated =
    excluded.negotiated, child_drug = excluded.child_drug, prescription_only = excluded.prescription_only,
    dual_channel = excluded.dual_channel, centralized = excluded.centralized, control = excluded.control,
    antimicrobial = excluded.antimicrobial, special_storage = excluded.special_storage, long_excluded =
    excluded.long_excluded, circulation_excluded = excluded.circulation_excluded, generic_name =
    excluded.generic_name, approval_no = excluded.approval_no, pack_units = excluded.pack_units, pack_unit =
    excluded.pack_unit, min_unit = excluded.min_unit, restrictions = excluded.restrictions
