INSERT INTO access_account (username, name, psn_no, institution, staff_code, area, created_at, password, must_change)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT DO NOTHING RETURNING id
