SELECT * FROM settlement_fact WHERE psn_no = $1 ORDER BY year, seq
