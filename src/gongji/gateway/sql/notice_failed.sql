-- The institution has not taken the notice: again at $4, or (null) given up at $5.
UPDATE gateway_notice SET due_at = $4, given_up_at = CASE WHEN $4::timestamptz IS NULL THEN $5::timestamptz END, remark = $6
WHERE psn_no = $1 AND rx_id = $2 AND event_no = $3
