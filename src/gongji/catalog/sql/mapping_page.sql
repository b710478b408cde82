-- One page of an institution's mappings with the number of all that fit. $1 institution, $2 day in force, $3 local item,
-- $4 part of its name, $5 list types, $6 national code, $7 first day from, $8 valid, $9 changed after, $10 limit, $11 offset.
WITH found AS MATERIALIZED (
    SELECT m.list_type, m.local_item, m.spell_no, m.code, m.from_on, m.until_on, m.valid, m.changed_at, e.entry_id, e.local_name,
           e.approval_no, e.dosform, e.excluded, e.content, e.unit, e.spec, e.pack_spec, e.memo, e.recorded_at
    FROM catalog_mapping m
    JOIN catalog_mapping_entry e USING (institution, list_type, local_item, entry_no)
    WHERE m.institution = $1
      AND ($2::date IS NULL OR (m.from_on <= $2 AND (m.until_on IS NULL OR m.until_on >= $2)))
      AND ($3 = '' OR m.local_item = $3)
      AND ($4 = '' OR strpos(e.local_name, $4) > 0)
      AND ($5::text[] IS NULL OR m.list_type = ANY ($5))
      AND ($6 = '' OR m.code = $6)
      AND ($7::date IS NULL OR m.from_on >= $7)
      AND ($8::boolean IS NULL OR m.valid = $8)
      AND ($9::timestamptz IS NULL OR m.changed_at > $9)
)
SELECT c.total, p.*
FROM (SELECT count(*) AS total FROM found) c
LEFT JOIN (SELECT * FROM found ORDER BY list_type, local_item, spell_no LIMIT $10 OFFSET $11) p ON true
ORDER BY p.list_type, p.local_item, p.spell_no
