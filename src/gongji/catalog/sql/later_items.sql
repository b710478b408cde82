-- Which of the codes $2 have something that begins after the day $1.
SELECT DISTINCT code FROM catalog_item WHERE from_on > $1 AND code = ANY($2) ORDER BY code LIMIT 5
