SELECT psn_no, balance_fen, version FROM accounts_balance WHERE psn_no = ANY($1::text[])
