SELECT psn_no, rx_id FROM prescriptions_current
WHERE psn_no = $1 AND ($2::text[] IS NULL OR state = ANY ($2::text[]))
ORDER BY rx_id DESC LIMIT $3 OFFSET $4
