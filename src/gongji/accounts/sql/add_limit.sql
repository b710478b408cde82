INSERT INTO accounts_limit (psn_no, limit_id, user_no, per_settlement_fen, per_month_fen, per_year_fen, from_on, recorded_at, actor)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
