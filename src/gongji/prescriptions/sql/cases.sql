-- Prescriptions with all their events, events as one JSON array in order; either by number alone or by person and number.
SELECT p.psn_no, p.rx_id, p.content::text AS content, p.sealed,
       (SELECT json_agg(json_build_object('event_no', e.event_no, 'verb', e.verb, 'state', e.state, 'at', e.at,
                                          'actor', e.actor, 'institution', e.institution, 'reason', e.reason,
                                          'detail', e.detail, 'sealed', encode(e.sealed, 'base64')) ORDER BY e.event_no)
        FROM prescriptions_event e WHERE e.psn_no = p.psn_no AND e.rx_id = p.rx_id)::text AS events
FROM prescriptions_prescription p
WHERE p.rx_id = ANY ($2::bigint[]) AND ($1::text[] IS NULL OR p.psn_no = ANY ($1::text[]))
