-- Changes of comparison $2 of the batch $1, of the verbs $3 (NULL: all), at most $4 (NULL: all).
SELECT code, region, fee_class, verb, before::text, after::text
FROM catalog_batch_change
WHERE batch_id = $1 AND diff_no = $2 AND ($3::text[] IS NULL OR verb = ANY($3))
ORDER BY code COLLATE "C", region COLLATE "C", fee_class COLLATE "C"
LIMIT $4
