-- The account of person $1, held until the transaction ends: nothing moves in it meanwhile.
SELECT psn_no, balance_fen, version, state, receivable_fen FROM accounts_balance WHERE psn_no = $1 FOR UPDATE
