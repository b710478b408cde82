-- What relatives took from account $1 from the instant $2 until before $3, and where: account 5211 is a hospital's, 5212 a pharmacy's.
SELECT e.occurred_at, e.counterpart AS user_no, u.name, f.relation, coalesce(i.name, paid.provider, '') AS place,
       CASE WHEN paid.pharmacy THEN 'pharmacy' ELSE 'hospital' END AS place_kind, -e.amount_fen AS amount_fen
FROM accounts_entry e
LEFT JOIN LATERAL (
    SELECT max(leg.party) FILTER (WHERE leg.account = 2101) AS provider, bool_or(leg.account = 5212) AS pharmacy
    FROM ledger_journal j CROSS JOIN LATERAL unnest(j.accounts, j.parties) AS leg(account, party)
    WHERE j.psn_no = e.counterpart AND j.journal_id = e.settlement_id) paid ON true
LEFT JOIN providers_institution i ON i.code = paid.provider
LEFT JOIN members_person u ON u.psn_no = e.counterpart
LEFT JOIN LATERAL (
    SELECT b.relation FROM members_family b WHERE b.psn_no = e.counterpart AND b.owner = e.psn_no
    ORDER BY b.from_on DESC LIMIT 1) f ON true
WHERE e.psn_no = $1 AND e.kind IN ('mutual', 'mutual_refund') AND e.occurred_at >= $2 AND e.occurred_at < $3
ORDER BY e.occurred_at, e.version, e.entry_id
