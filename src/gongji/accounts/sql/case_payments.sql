-- What each payee of a case has got so far (paid less what came back).
SELECT counterpart, -sum(amount_fen)::bigint AS paid_fen
FROM accounts_entry WHERE psn_no = $1 AND reference = $2 AND kind IN ('withdrawal', 'transfer_out')
GROUP BY counterpart
