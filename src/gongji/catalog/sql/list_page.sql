-- One page of the catalogue with the number of all items that fit. $1 list types, $2 day in force, $3 codes, $4 part of a name,
-- $5 first day from, $6 charge type, $7 level, $8 limited, $9 changed after; $10 and $11 kinds and levels, side by side, that are
-- wanted, but of the codes $12 only $13; $14 limit, $15 offset.
WITH found AS MATERIALIZED (
    SELECT i.code, i.from_on, i.until_on, i.name, i.kind, i.list_type, i.chrgitm_lv, i.charge_type, i.spec, i.unit, i.dosform,
           i.maker, (i.restricted OR i.restrictions <> '[]') AS limited, i.restriction, i.base_drug, i.negotiated, i.child_drug,
           i.prescription_only, i.control, i.generic_name, i.approval_no, i.pack_units, i.pack_unit, i.min_unit, i.version,
           t.changed_at
    FROM catalog_item i
    LEFT JOIN catalog_version_time t USING (version)
    WHERE ($1::text[] IS NULL OR i.list_type = ANY ($1))
      AND ($2::date IS NULL OR (i.from_on <= $2 AND (i.until_on IS NULL OR i.until_on >= $2)))
      AND ($3::text[] IS NULL OR i.code = ANY ($3))
      AND ($4 = '' OR strpos(i.name, $4) > 0 OR strpos(i.generic_name, $4) > 0)
      AND ($5::date IS NULL OR i.from_on >= $5)
      AND ($6 = '' OR i.charge_type = $6)
      AND ($7 = '' OR i.chrgitm_lv = $7)
      AND ($8::boolean IS NULL OR (i.restricted OR i.restrictions <> '[]') = $8)
      AND ($9::timestamptz IS NULL OR t.changed_at > $9)
      AND ($10::text[] IS NULL
           OR (i.code <> ALL ($12::text[])
               AND (i.kind, CASE WHEN i.chrgitm_lv IN ('01', '02') THEN i.chrgitm_lv ELSE '03' END)
                   IN (SELECT * FROM unnest($10, $11::text[])))
           OR i.code = ANY ($13::text[]))
)
SELECT c.total, p.*
FROM (SELECT count(*) AS total FROM found) c
LEFT JOIN (SELECT * FROM found ORDER BY code, from_on LIMIT $14 OFFSET $15) p ON true
ORDER BY p.code, p.from_on
