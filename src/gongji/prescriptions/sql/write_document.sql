INSERT INTO prescriptions_document (psn_no, rx_id, event_no, content, document, made_at) VALUES ($1, $2, $3, $4, $5, $6)
