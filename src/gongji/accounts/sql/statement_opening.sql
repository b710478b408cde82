-- The person's name, the state of the account, and what was in it before the instant $2.
SELECT p.name, b.state,
       (SELECT coalesce(sum(e.amount_fen), 0)::bigint FROM accounts_entry e WHERE e.psn_no = b.psn_no AND e.occurred_at < $2) AS opening_fen
FROM accounts_balance b LEFT JOIN members_person p ON p.psn_no = b.psn_no
WHERE b.psn_no = $1
