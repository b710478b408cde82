SELECT e.event_no, e.at, e.kind, e.account_id, coalesce(a.username, ''), coalesce(a.name, ''), e.actor, e.address, e.detail, e.reason
FROM access_event e LEFT JOIN access_account a ON a.id = e.account_id
WHERE e.at >= $1 AND e.at < $2 AND ($3::bigint IS NULL OR e.account_id = $3)
    AND ($4::text[] = '{}' OR e.kind = ANY ($4)) AND ($5 = '' OR e.address = $5) AND e.event_no < $6
ORDER BY e.event_no DESC LIMIT $7
