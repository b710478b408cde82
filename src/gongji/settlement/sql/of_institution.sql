-- Settlements and reversals that an institution made between two instants, in order; with $4 those of one number of a trade, with
-- $5 those of one person. The funds of a reversal are negative.
SELECT s.psn_no, s.settlement_id, s.kind, s.original_id, s.reversed_by, s.service_on, s.settled_at, s.infno, s.msgid, s.visit_id,
       s.batch_no, s.med_type, s.region, s.benefit, s.total_fen, s.pool_fen + s.chronic_pay_fen AS fund_fen, s.account_fen,
       s.mutual_fen, s.cash_fen
FROM settlement_v_settlement s
WHERE s.provider = $1 AND s.caller = $1 AND s.settled_at >= $2 AND s.settled_at < $3 AND NOT s.claim
  AND ($4 = '' OR s.msgid = $4) AND ($5 = '' OR s.psn_no = $5)
ORDER BY s.settled_at, s.settlement_id
LIMIT $6
