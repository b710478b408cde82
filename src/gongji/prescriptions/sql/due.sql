-- Prescriptions of which the clock has something to say, the longest overdue first.
SELECT psn_no, rx_id FROM prescriptions_current WHERE due_at < $1 ORDER BY due_at LIMIT $2
