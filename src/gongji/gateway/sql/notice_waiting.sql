-- Notices that are not sent, given up first, oldest first.
SELECT rx_id, event_no, infno, institution, event_at, due_at, tries, given_up_at, remark FROM gateway_notice
WHERE sent_at IS NULL
ORDER BY given_up_at NULLS LAST, event_at, rx_id, event_no
LIMIT $1
