-- Up to $2 notices that are due at $1 and not for one of the institutions $3, lent to this sender until $4: another one passes by
-- what is locked, and gets it only if this sender never comes back.
UPDATE gateway_notice AS n
SET due_at = $4, tries = n.tries + 1
FROM (
    SELECT psn_no, rx_id, event_no FROM gateway_notice
    WHERE due_at <= $1 AND institution <> ALL ($3::text[])
    ORDER BY due_at, event_at, event_no
    LIMIT $2
    FOR UPDATE SKIP LOCKED
) AS due
WHERE n.psn_no = due.psn_no AND n.rx_id = due.rx_id AND n.event_no = due.event_no
RETURNING n.psn_no, n.rx_id, n.event_no, n.infno, n.institution, n.event_at, n.made_at, n.tries
