SELECT a.id, a.username, a.name, a.is_active, a.generation, a.psn_no, a.institution, a.staff_code, a.area, a.created_at, a.password,
    a.must_change, a.totp_sealed, ARRAY(SELECT g.role FROM access_grant g WHERE g.account_id = a.id ORDER BY g.role) AS roles
FROM access_account a WHERE a.psn_no = $1
