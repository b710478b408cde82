-- A notice for every event since $1 that a hospital with a callback address ($2, from its day in $3) is to be told of. The event is
-- the key: however often this runs, and by however many, an event has one notice. What a hospital did itself it knows.
INSERT INTO gateway_notice (psn_no, rx_id, event_no, infno, institution, event_at, made_at, due_at, tries, remark)
SELECT e.psn_no, e.rx_id, e.event_no, CASE WHEN e.verb LIKE 'review%' THEN '7108' ELSE '7109' END, c.issuer, e.at, $4, $4, 0, ''
FROM prescriptions_event e
JOIN prescriptions_current c ON c.psn_no = e.psn_no AND c.rx_id = e.rx_id
JOIN unnest($2::text[], $3::timestamptz[]) AS told(code, from_at) ON told.code = c.issuer AND told.from_at <= e.at
WHERE e.at >= $1
  AND e.verb IN ('review_pass', 'review_refuse', 'settle', 'refund', 'dispense')
  AND (e.verb <> 'dispense' OR NOT (e.detail ->> 'insured')::boolean)
  AND e.institution <> c.issuer
ON CONFLICT (psn_no, rx_id, event_no) DO NOTHING
