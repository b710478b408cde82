INSERT INTO prescriptions_grant (psn_no, digest, kind, rx_id, auth_id, pharmacy, evidence, made_at, until_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
