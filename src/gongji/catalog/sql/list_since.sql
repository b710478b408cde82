-- Items of some lists ($1) that came later than version $2, with when they came.
SELECT i.code, i.from_on, i.until_on, i.name, i.kind, i.list_type, i.chrgitm_lv, i.charge_type, i.spec, i.unit, i.dosform, i.maker,
       (i.restricted OR i.restrictions <> '[]') AS limited, i.restriction, i.base_drug, i.negotiated, i.child_drug,
       i.prescription_only, i.control, i.generic_name, i.approval_no, i.pack_units, i.pack_unit, i.min_unit, i.version, t.changed_at
FROM catalog_item i
LEFT JOIN catalog_version_time t USING (version)
WHERE i.list_type = ANY ($1) AND i.version > $2
ORDER BY i.version, i.code, i.from_on
