-- Where the codes were seen in movements in force, at any institution, in the order in which they were recorded.
SELECT c.code, c.institution, m.kind, c.direction, c.local_item, c.batch, c.split
FROM stock_movement_code c
JOIN stock_v_movement m ON m.institution = c.institution AND m.movement_id = c.movement_id
WHERE c.code = ANY ($1::text[])
ORDER BY m.recorded_at, m.movement_id
