-- What person $1 paid under the receipt $2.
SELECT repayment_id, amount_fen FROM accounts_repayment WHERE psn_no = $1 AND receipt_no = $2 AND means = 'cash'
