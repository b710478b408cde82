-- Highest prices that hold on the day $1: those of the codes $2 (NULL: all) whose codes match $3.
SELECT code, region, fee_class, from_on, until_on, ceiling_micro
FROM (
    SELECT DISTINCT ON (code, region, fee_class) * FROM catalog_ceiling
    WHERE from_on <= $1 AND ($2::text[] IS NULL OR code = ANY($2)) AND code ~ $3
    ORDER BY code, region, fee_class, from_on DESC
) begun
WHERE until_on IS NULL OR until_on >= $1
