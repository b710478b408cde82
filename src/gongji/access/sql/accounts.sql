SELECT a.id, a.username, a.name, a.is_active, a.generation, a.psn_no, a.institution, a.staff_code, a.area, a.created_at, a.password,
    a.must_change, a.totp_sealed, ARRAY(SELECT g.role FROM access_grant g WHERE g.account_id = a.id ORDER BY g.role) AS roles
FROM access_account a
WHERE a.psn_no = ''
    AND ($1 = '' OR strpos(a.username, lower($1)) > 0 OR strpos(a.name, $1) > 0 OR strpos(a.institution, upper($1)) > 0)
    AND ($2 = '' OR EXISTS (SELECT FROM access_grant g WHERE g.account_id = a.id AND g.role = $2))
    AND ($3 = '' OR ($3 = 'active' AND a.is_active) OR ($3 = 'locked' AND NOT a.is_active)
        OR ($3 = 'without' AND NOT EXISTS (SELECT FROM access_grant g WHERE g.account_id = a.id)))
    AND a.username > $4
ORDER BY a.username LIMIT $5
