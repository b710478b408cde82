INSERT INTO desk_closing (institution, closing_id, account, operator, closed_on, closed_at, sums)
VALUES ($1, $2, $3, $4, $5, $6, $7::text::jsonb)
ON CONFLICT (institution, account, closed_on) DO NOTHING
