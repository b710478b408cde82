-- Codes whose uses in force cannot stand beside each other: a whole pack beside anything, two institutions, two drugs, more than
-- the pack holds.
SELECT u.code, min(u.psn_no) AS psn_no, max(u.settlement_id) AS settlement_id
FROM stock_v_trace_use u
GROUP BY u.code
HAVING count(*) > 1
   AND NOT (bool_and(u.split) AND min(u.institution) = max(u.institution) AND min(u.item) = max(u.item))
    OR (bool_and(u.split) AND min(u.capacity_e4) > 0 AND sum(u.quantity_e4) > max(u.capacity_e4))
ORDER BY 1
LIMIT 1000
