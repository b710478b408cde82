-- What was paid on a chronic quota in the month and quarter of each visit; asked only where such quotas are stated. Reversals carry
-- the day of their original and give back. waterfall[6] is the chronic payment (positions of gongji.kernel.layout, from 1).
SELECT asked.position::integer AS position,
       coalesce(sum(f.waterfall[6]) FILTER (WHERE date_trunc('month', f.service_on) = date_trunc('month', asked.service_on)), 0)::bigint AS month_fen,
       coalesce(sum(f.waterfall[6]), 0)::bigint AS quarter_fen
FROM unnest($1::text[], $2::text[], $3::date[]) WITH ORDINALITY AS asked(psn_no, quota_key, service_on, position)
JOIN settlement_fact f
  ON f.psn_no = asked.psn_no AND f.quota_key = asked.quota_key AND f.kind <> 0
 AND date_trunc('quarter', f.service_on) = date_trunc('quarter', asked.service_on)
GROUP BY asked.position
