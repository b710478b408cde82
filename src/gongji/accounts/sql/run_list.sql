-- Runs of kind $1 (all kinds when NULL), run $2 alone when it is given, newest first, with all their steps.
SELECT r.run_id, r.kind, r.period, r.region, r.actor, r.started_at, coalesce(s.steps, 0) AS steps,
       coalesce(s.finished, false) AS finished, coalesce(s.tallies, '{}') AS tallies
FROM accounts_run r
LEFT JOIN LATERAL (
    SELECT count(*)::integer AS steps, bool_or(s.finished) AS finished, array_agg(s.tally::text ORDER BY s.step_no) AS tallies
    FROM accounts_run_step s WHERE s.run_id = r.run_id) s ON true
WHERE ($1::text IS NULL OR r.kind = $1) AND ($2::bigint IS NULL OR r.run_id = $2)
ORDER BY r.started_at DESC, r.run_id DESC LIMIT $3
