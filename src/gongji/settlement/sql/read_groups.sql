-- What the facts of each visit's group say: deductible charged and fund paid under the same benefit, chronic payment on the same
-- quota, whether the batch is settled.
-- waterfall[6] is the chronic payment, waterfall[9] the deductible, waterfall[13] the pool's payment (positions of
-- gongji.kernel.layout, counted from 1).
SELECT asked.position::integer AS position,
       coalesce(sum(f.waterfall[9]) FILTER (WHERE f.benefit = asked.benefit), 0)::bigint AS charged_fen,
       coalesce(sum(f.waterfall[13]) FILTER (WHERE f.benefit = asked.benefit), 0)::bigint AS fund_fen,
       coalesce(sum(f.waterfall[6]) FILTER (WHERE f.quota_key = asked.quota_key), 0)::bigint AS chronic_fen,
       coalesce(sum(f.kind) FILTER (WHERE f.visit_id = asked.visit_id AND f.batch_no = asked.batch_no), 0) > 0 AS settled
FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[]) WITH ORDINALITY
    AS asked(psn_no, group_id, visit_id, batch_no, benefit, quota_key, position)
JOIN settlement_fact f ON f.psn_no = asked.psn_no AND f.group_id = asked.group_id
GROUP BY asked.position
