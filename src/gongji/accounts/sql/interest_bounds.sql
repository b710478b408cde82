-- Accounts after $1 in portions of $2: the last person of each portion, and how many it has.
SELECT psn_no, (n - 1) % $2 + 1 AS persons
FROM (SELECT psn_no, row_number() OVER (ORDER BY psn_no) AS n, count(*) OVER () AS total
      FROM accounts_balance WHERE psn_no > $1) AS m
WHERE n % $2 = 0 OR n = total ORDER BY n
