SELECT psn_no, kind, rx_id, auth_id, pharmacy, evidence, until_at, used_at FROM prescriptions_grant WHERE digest = $1
