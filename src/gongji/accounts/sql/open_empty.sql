-- An account without a balance, for somebody who brings one from elsewhere.
INSERT INTO accounts_balance (psn_no, balance_fen, version) VALUES ($1, 0, 1) ON CONFLICT (psn_no) DO NOTHING
