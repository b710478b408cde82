SELECT closing_id, account, operator, shift_no, closed_at, settlements, sums::text AS sums FROM desk_closing
WHERE institution = $1 AND closed_on = $2 ORDER BY account, shift_no
