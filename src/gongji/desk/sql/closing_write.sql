INSERT INTO desk_closing (institution, closing_id, account, operator, closed_on, shift_no, closed_at, settlements, sums)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::text::jsonb)
ON CONFLICT (institution, account, closed_on, shift_no) DO NOTHING
