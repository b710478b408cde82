UPDATE accounts_balance SET state = $2 WHERE psn_no = $1
