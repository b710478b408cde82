-- Deductible charged and fund paid in the day, month and quarter of each visit; asked only where the law has such windows.
SELECT asked.position::integer AS position,
       coalesce(sum(f.waterfall[9]) FILTER (WHERE f.service_on = asked.service_on), 0)::bigint AS charged_day_fen,
       coalesce(sum(f.waterfall[9]) FILTER (WHERE date_trunc('month', f.service_on) = date_trunc('month', asked.service_on)), 0)::bigint AS charged_month_fen,
       coalesce(sum(f.waterfall[13]) FILTER (WHERE f.service_on = asked.service_on), 0)::bigint AS fund_day_fen,
       coalesce(sum(f.waterfall[13]) FILTER (WHERE date_trunc('month', f.service_on) = date_trunc('month', asked.service_on)), 0)::bigint AS fund_month_fen,
       coalesce(sum(f.waterfall[13]), 0)::bigint AS fund_quarter_fen
FROM unnest($1::text[], $2::text[], $3::date[]) WITH ORDINALITY AS asked(psn_no, benefit, service_on, position)
JOIN settlement_fact f
  ON f.psn_no = asked.psn_no AND f.benefit = asked.benefit AND f.kind <> 0
 AND date_trunc('quarter', f.service_on) = date_trunc('quarter', asked.service_on)
GROUP BY asked.position
