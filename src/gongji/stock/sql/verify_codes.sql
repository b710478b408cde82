-- Codes of movements that the code register does not have, or has beyond them.
SELECT coalesce(t.institution, c.institution) AS institution, coalesce(t.movement_id, c.movement_id) AS movement_id,
       coalesce(t.code, c.code) AS code, t.code IS NULL AS beyond
FROM (SELECT m.institution, m.movement_id, code
      FROM stock_movement m CROSS JOIN LATERAL unnest(m.traces) AS code WHERE m.kind <> 'delete') AS t
FULL JOIN stock_movement_code c ON c.institution = t.institution AND c.movement_id = t.movement_id AND c.code = t.code
WHERE t.code IS NULL OR c.code IS NULL
ORDER BY 1, 2, 3
LIMIT 1000
