-- Movements of account $1 from the instant $2 until before $3, in the order in which they happened. The institution of a payment is
-- the party of the settlement's payable (2101) in the books of the person who was treated.
SELECT e.occurred_at, e.entry_id, e.kind, e.amount_fen, e.period, e.counterpart, e.settlement_id,
       coalesce(i.name, paid.provider, '') AS place, u.name AS person
FROM accounts_entry e
LEFT JOIN LATERAL (
    SELECT leg.party AS provider
    FROM ledger_journal j CROSS JOIN LATERAL unnest(j.accounts, j.parties) AS leg(account, party)
    WHERE j.psn_no = coalesce(e.counterpart, e.psn_no) AND j.journal_id = e.settlement_id AND leg.account = 2101
    LIMIT 1) paid ON e.settlement_id IS NOT NULL
LEFT JOIN providers_institution i ON i.code = paid.provider
LEFT JOIN members_person u ON u.psn_no = e.counterpart
WHERE e.psn_no = $1 AND e.occurred_at >= $2 AND e.occurred_at < $3
ORDER BY e.occurred_at, e.version, e.entry_id
