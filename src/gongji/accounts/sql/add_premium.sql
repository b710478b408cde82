INSERT INTO accounts_premium (psn_no, premium_id, product, insured, year, attempt, payee, amount_fen, relation, region, clause,
                              policy_digest, caller, caller_no, actor, paid_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
