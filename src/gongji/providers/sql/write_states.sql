-- Replace what settlements read of the institution $1 by the rows $2 (JSON).
WITH gone AS (DELETE FROM providers_state WHERE code = $1 AND state_no NOT BETWEEN 1 AND jsonb_array_length($2::text::jsonb))
INSERT INTO providers_state (code, state_no, from_on, until_on, designated, pooled_agreement, fee_class, level, direct_settlement,
                             suspended, ended, host)
SELECT $1, r.number, (r.row ->> 'from_on')::date, (r.row ->> 'until_on')::date, (r.row ->> 'designated')::boolean,
       (r.row ->> 'pooled_agreement')::boolean, r.row ->> 'fee_class', r.row ->> 'level', (r.row ->> 'direct_settlement')::boolean,
       (r.row ->> 'suspended')::boolean, (r.row ->> 'ended')::boolean, r.row ->> 'host'
FROM jsonb_array_elements($2::text::jsonb) WITH ORDINALITY AS r (row, number)
ON CONFLICT (code, state_no) DO UPDATE SET
    from_on = excluded.from_on, until_on = excluded.until_on, designated = excluded.designated,
    pooled_agreement = excluded.pooled_agreement, fee_class = excluded.fee_class, level = excluded.level,
    direct_settlement = excluded.direct_settlement, suspended = excluded.suspended, ended = excluded.ended, host = excluded.host
