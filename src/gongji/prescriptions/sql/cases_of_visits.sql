SELECT psn_no, rx_id FROM prescriptions_prescription WHERE psn_no = ANY ($1::text[]) AND visit_id = ANY ($2::bigint[])
