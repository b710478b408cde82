SELECT a.id, a.username, a.name, a.is_active, a.generation, a.psn_no, a.institution, a.staff_code, a.area, a.created_at, a.password,
    a.must_change, a.totp_sealed, ARRAY(SELECT g.role FROM access_grant g WHERE g.account_id = a.id ORDER BY g.role) AS roles
FROM access_event e JOIN access_account a ON a.id = e.account_id
WHERE e.kind = 'created' AND e.actor = $1 AND a.psn_no = '' ORDER BY e.event_no
