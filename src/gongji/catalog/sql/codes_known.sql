-- Which of the codes $2 the catalogue has on the day $1.
SELECT code FROM (
    SELECT DISTINCT ON (code) code, until_on FROM catalog_item
    WHERE code = ANY($2) AND from_on <= $1
    ORDER BY code, from_on DESC
) begun
WHERE until_on IS NULL OR until_on >= $1
