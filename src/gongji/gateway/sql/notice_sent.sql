-- The institution has taken the notice.
UPDATE gateway_notice SET due_at = NULL, sent_at = $4, remark = '' WHERE psn_no = $1 AND rx_id = $2 AND event_no = $3
