-- Months after $2 for which $1 still has a credit: the latest row of each.
SELECT month, sequence, rule, target_fen, region
FROM (SELECT DISTINCT ON (month) month, sequence, rule, target_fen, region
      FROM accounts_credit WHERE psn_no = $1 AND month > $2::date ORDER BY month, sequence DESC) AS latest
WHERE target_fen > 0 ORDER BY month
