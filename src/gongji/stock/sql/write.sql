-- Movements with their codes and the running stock after them, in one statement.
WITH movement AS (
    INSERT INTO stock_movement
        (institution, movement_id, kind, change_type, item, local_item, local_name, batch, lot_no, made_on, expires_on,
         quantity_e4, counted_e4, price_micro, split, document, document_key, counterpart, rx_no, psn_no, visit_no,
         settlement_no, occurred_at, recorded_at, origin, undoes, returns, reason, traces, marks, detail, sealed, cert_index)
    SELECT $1, m.movement_id, m.kind, m.change_type, m.item, m.local_item, m.local_name, m.batch, m.lot_no, m.made_on,
           m.expires_on, m.quantity_e4, m.counted_e4, m.price_micro, m.split, m.document, m.document_key, m.counterpart, m.rx_no,
           m.psn_no, m.visit_no, m.settlement_no, m.occurred_at, $4, $5, m.undoes, m.returns, m.reason, m.traces, m.marks,
           m.detail, decode(m.sealed, 'hex'), decode(m.cert_index, 'hex')
    FROM jsonb_to_recordset($2::jsonb) AS m(movement_id bigint, kind text, change_type text, item text, local_item text,
         local_name text, batch text, lot_no text, made_on date, expires_on date, quantity_e4 bigint, counted_e4 bigint,
         price_micro bigint, split boolean, document text, document_key text, counterpart text, rx_no text, psn_no text,
         visit_no text, settlement_no text, occurred_at timestamptz, undoes bigint, returns bigint, reason text, traces text[],
         marks text[], detail jsonb, sealed text, cert_index text)
    RETURNING movement_id, kind, local_item, batch, quantity_e4, split, traces
), code AS (
    INSERT INTO stock_movement_code (code, institution, movement_id, direction, local_item, batch, split)
    SELECT t.code, $1, m.movement_id, CASE WHEN m.kind = 'inventory' THEN 0 ELSE sign(m.quantity_e4) END, m.local_item,
           m.batch, m.split
    FROM movement m CROSS JOIN LATERAL unnest(m.traces) AS t(code)
    WHERE m.kind <> 'delete'
    RETURNING 1
)
INSERT INTO stock_on_hand AS current
    (institution, local_item, batch, item, local_name, lot_no, made_on, expires_on, quantity_e4, coded, counted_at, moved_at)
SELECT $1, b.local_item, b.batch, b.item, b.local_name, b.lot_no, b.made_on, b.expires_on, b.quantity_e4, b.coded, b.counted_at,
       b.moved_at
FROM jsonb_to_recordset($3::jsonb) AS b(local_item text, batch text, item text, local_name text, lot_no text, made_on date,
     expires_on date, quantity_e4 bigint, coded boolean, counted_at timestamptz, moved_at timestamptz)
ON CONFLICT (institution, local_item, batch) DO UPDATE
SET item = excluded.item, local_name = excluded.local_name, lot_no = excluded.lot_no, made_on = excluded.made_on,
    expires_on = excluded.expires_on, quantity_e4 = excluded.quantity_e4, coded = excluded.coded,
    counted_at = excluded.counted_at, moved_at = excluded.moved_at
