-- What was signed last.
SELECT event_no, content, document FROM prescriptions_document WHERE psn_no = $1 AND rx_id = $2 ORDER BY event_no DESC LIMIT 1
