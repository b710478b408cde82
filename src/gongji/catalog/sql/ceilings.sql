SELECT code, region, fee_class, from_on, until_on, ceiling_micro
FROM catalog_ceiling WHERE version > $1
ORDER BY code, region, fee_class, from_on
