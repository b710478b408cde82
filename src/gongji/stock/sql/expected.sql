-- What the books hold of each batch up to and with an instant.
SELECT p.local_item, p.batch, p.at,
       coalesce((SELECT sum(m.quantity_e4) FROM stock_movement m
                 WHERE m.institution = $1 AND m.batch = p.batch AND m.local_item = p.local_item AND m.occurred_at <= p.at),
                0)::bigint AS quantity_e4
FROM unnest($2::text[], $3::text[], $4::timestamptz[]) AS p(local_item, batch, at)
