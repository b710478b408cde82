-- A claim with where it stands: its last step, the money settled and paid, the term.
CREATE VIEW claims_v_claim AS
SELECT c.psn_no, c.claim_id, c.region, c.received_on, c.received_at, c.received_by,
       coalesce(nullif(c.content -> 'place' ->> 'code', ''), c.content -> 'place' ->> 'name') AS institution,
       c.total_fen, d.due_on, last.step_no, last.action, last.state, last.actor, last.at AS changed_at,
       last.state IN ('paid', 'closed', 'refused', 'withdrawn') AS finished,
       money.fund_fen, money.paid_fen
FROM claims_claim c
LEFT JOIN claims_due d ON d.psn_no = c.psn_no AND d.claim_id = c.claim_id
CROSS JOIN LATERAL (
    SELECT s.step_no, s.action, s.state, s.actor, s.at FROM claims_step s
    WHERE s.psn_no = c.psn_no AND s.claim_id = c.claim_id ORDER BY s.step_no DESC LIMIT 1
) AS last
CROSS JOIN LATERAL (
    SELECT sum(s.fund_fen)::bigint AS fund_fen, sum(s.paid_fen)::bigint AS paid_fen FROM claims_step s
    WHERE s.psn_no = c.psn_no AND s.claim_id = c.claim_id
) AS money;
