SELECT closing_id, operator, closed_on, closed_at, sums::text AS sums FROM desk_closing
WHERE institution = $1 AND account = $2 AND closed_on = $3
