-- A premium is refunded once: the second refund, even at the same moment, writes nothing.
INSERT INTO accounts_premium_refund (psn_no, premium_id, entry_id, amount_fen, reason, actor, refunded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (psn_no, premium_id) DO NOTHING RETURNING premium_id
