INSERT INTO accounts_case (psn_no, case_id, kind, region, event_on, counterpart, reference, due_on, content, sealed, clause,
                           policy_digest, opened_by, opened_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::text::jsonb, $10, $11, $12, $13, $14)
