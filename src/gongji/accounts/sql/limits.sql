-- Limits of owner $1 that hold on the day $2: the one recorded last for each user ('*': all users together).
SELECT DISTINCT ON (user_no) psn_no, user_no, per_settlement_fen, per_month_fen, per_year_fen, from_on
FROM accounts_limit WHERE psn_no = $1 AND from_on <= $2
ORDER BY user_no, recorded_at DESC, limit_id DESC
