-- Prescriptions of which a settlement has taken something: found among the person's events.
SELECT DISTINCT event.psn_no, event.rx_id, (event.detail ->> 'settlement_id')::bigint AS settlement_id
FROM unnest($1::text[], $2::bigint[]) AS asked(psn_no, settlement_id)
JOIN prescriptions_event AS event
  ON event.psn_no = asked.psn_no AND event.verb = 'settle'
 AND (event.detail ->> 'settlement_id')::bigint = asked.settlement_id
ORDER BY event.psn_no, event.rx_id
