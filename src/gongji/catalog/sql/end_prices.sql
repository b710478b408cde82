-- What comparison $2 of the batch $1 changes or ends has its last day before the day $3.
UPDATE catalog_price s SET until_on = $3::date - 1
FROM catalog_batch_change c
WHERE c.batch_id = $1 AND c.diff_no = $2 AND s.code = c.code AND s.region = c.region AND s.from_on = (c.before ->> 'from_on')::date
  AND (c.verb = 'ended' OR (c.verb = 'changed' AND s.from_on < $3))
