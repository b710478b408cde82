-- What comparison $2 of the batch $1 adds or changes begins; what began on the same day is corrected.
INSERT INTO catalog_ceiling (
    code, region, fee_class, from_on, until_on, ceiling_micro, version
)
SELECT r.code, r.region, r.fee_class, r.from_on, r.until_on, r.ceiling_micro, 0
FROM catalog_batch_change c, LATERAL jsonb_populate_record(NULL::catalog_ceiling, c.after) r
WHERE c.batch_id = $1 AND c.diff_no = $2 AND c.verb <> 'ended'
ON CONFLICT (code, region, fee_class, from_on) DO UPDATE SET
    until_on = excluded.until_on, ceiling_micro = excluded.ceiling_micro
