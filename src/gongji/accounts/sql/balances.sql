-- What the persons $1 can pay with now, and the version of their accounts: nothing from an account that is frozen or closed.
SELECT psn_no, CASE WHEN state = 'open' THEN balance_fen ELSE 0 END AS balance_fen, version
FROM accounts_balance WHERE psn_no = ANY($1::text[])
