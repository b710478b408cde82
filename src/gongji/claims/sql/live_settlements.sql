-- Settlements in force of the visits $2 of the person $1.
SELECT visit_id, settlement_id FROM settlement_v_settlement
WHERE psn_no = $1 AND visit_id = ANY ($2::bigint[]) AND kind = 1 AND reversed_by IS NULL
