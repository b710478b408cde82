-- The next thing said of a prescription, unless somebody has said something since number $3: of two at once one writes.
INSERT INTO desk_review (institution, rx_id, review_no, verdict, staff_code, name, reason, at)
SELECT $1, $2, $3, $4, $5, $6, $7, $8
ON CONFLICT DO NOTHING RETURNING review_no
