SELECT rx_id, review_no, verdict, staff_code, name, reason, at FROM desk_review
WHERE institution = $1 AND rx_id = ANY ($2::bigint[]) ORDER BY rx_id, review_no
