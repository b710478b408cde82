SELECT s.digest, s.generation, s.complete, s.factor, s.started_at, s.seen_at, s.idle_s, s.pending_sealed,
    a.id, a.username, a.name, a.is_active, a.generation, a.psn_no, a.institution, a.staff_code, a.area, a.created_at, a.password,
    a.must_change, a.totp_sealed, ARRAY(SELECT g.role FROM access_grant g WHERE g.account_id = a.id ORDER BY g.role) AS roles
FROM access_session s JOIN access_account a ON a.id = s.account_id WHERE s.digest = $1
