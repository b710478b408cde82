INSERT INTO prescriptions_number (issuer, hosp_rx_no, psn_no, rx_id) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING RETURNING rx_id
