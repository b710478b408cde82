SELECT code, region, from_on, until_on, standard_micro
FROM catalog_price WHERE version > $1
ORDER BY code, region, from_on
