-- Personal accounts that do not add up: entries against settlements (what was taken, who was treated), balances against entries.
WITH paid AS (
    SELECT psn_no AS owner, settlement_id, -waterfall[17] AS amount_fen, CASE kind WHEN 1 THEN 'pay' ELSE 'refund' END AS told
    FROM settlement_fact WHERE waterfall[17] <> 0
    UNION ALL
    SELECT member.owner, f.settlement_id, -member.drawn, CASE f.kind WHEN 1 THEN 'mutual ' ELSE 'mutual_refund ' END || f.psn_no
    FROM settlement_fact f CROSS JOIN LATERAL unnest(f.family, f.family_drawn) AS member(owner, drawn)
    WHERE member.drawn <> 0
), wanted AS (
    SELECT owner, settlement_id, sum(amount_fen) AS amount_fen, string_agg(told, ' ' ORDER BY told) AS told FROM paid GROUP BY owner, settlement_id
), moved AS (
    SELECT psn_no AS owner, settlement_id, sum(amount_fen) AS amount_fen,
           string_agg(concat_ws(' ', kind, counterpart), ' ' ORDER BY concat_ws(' ', kind, counterpart)) AS told
    FROM accounts_entry WHERE settlement_id IS NOT NULL GROUP BY psn_no, settlement_id
), folded AS (
    SELECT psn_no, sum(amount_fen) AS amount_fen FROM accounts_entry GROUP BY psn_no
)
SELECT coalesce(w.owner, m.owner) AS psn_no, coalesce(w.settlement_id, m.settlement_id) AS settlement_id,
       'account_entry' AS field, m.amount_fen::text AS stored, w.amount_fen::text AS recomputed
FROM wanted w FULL JOIN moved m ON m.owner = w.owner AND m.settlement_id = w.settlement_id
WHERE w.amount_fen IS DISTINCT FROM m.amount_fen
UNION ALL
SELECT w.owner, w.settlement_id, 'account_user', m.told, w.told
FROM wanted w JOIN moved m ON m.owner = w.owner AND m.settlement_id = w.settlement_id
WHERE w.told IS DISTINCT FROM m.told
UNION ALL
SELECT coalesce(b.psn_no, f.psn_no), NULL, 'account_balance', b.balance_fen::text, f.amount_fen::text
FROM accounts_balance b FULL JOIN folded f ON f.psn_no = b.psn_no
WHERE coalesce(b.balance_fen, 0) <> coalesce(f.amount_fen, 0)
LIMIT 1000
