-- Movements in force that stated rows may repeat or bring back, found by what the rows say: key, receipt, prescription,
-- number, and for returns the batch.
WITH found AS (
    SELECT m.movement_id FROM stock_movement m WHERE m.institution = $1 AND m.document_key = ANY ($2::text[]) AND m.document_key <> ''
    UNION
    SELECT m.movement_id FROM stock_movement m WHERE m.institution = $1 AND m.document = ANY ($3::text[]) AND m.document <> ''
    UNION
    SELECT m.movement_id FROM stock_movement m WHERE m.institution = $1 AND m.rx_no = ANY ($4::text[]) AND m.rx_no <> ''
    UNION
    SELECT m.movement_id FROM stock_movement m WHERE m.institution = $1 AND m.visit_no = ANY ($5::text[]) AND m.visit_no <> ''
    UNION
    SELECT m.movement_id FROM stock_movement m WHERE m.institution = $1 AND m.movement_id = ANY ($6::bigint[])
    UNION
    SELECT m.movement_id FROM stock_movement m
    WHERE m.institution = $1 AND m.psn_no = ANY ($7::text[]) AND m.psn_no <> '' AND m.local_item = ANY ($8::text[])
      AND m.occurred_at <= $10::timestamptz + interval '2 days'
      AND (m.origin = '7208' AND m.kind = 'sale_return' AND m.occurred_at >= $9::timestamptz - interval '2 days'
           OR m.origin = '7207' AND m.kind = 'sale' AND m.occurred_at >= $9::timestamptz - interval '100 days')
)
SELECT m.movement_id, m.kind, m.item, m.local_item, m.batch, m.quantity_e4, m.document, m.document_key, m.rx_no, m.psn_no,
       m.visit_no, m.origin, m.split, m.occurred_at, m.traces,
       m.detail ? 'batch_chosen' AS chosen,
       abs(m.quantity_e4) - coalesce((SELECT sum(abs(r.quantity_e4)) FROM stock_v_movement r
                                      WHERE r.institution = m.institution AND r.returns = m.movement_id), 0)::bigint AS open_e4
FROM found
JOIN stock_v_movement m ON m.institution = $1 AND m.movement_id = found.movement_id
