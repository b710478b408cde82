-- Whoever was credited what the agency $1 sent under its number $2.
SELECT psn_no, case_id FROM accounts_case WHERE kind = 'transfer_in' AND counterpart = $1 AND reference = $2
