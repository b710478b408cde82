-- Dossiers of the institutions $1 (NULL: all), or the one with number $2, with their steps in order.
SELECT d.code, d.dossier_id, d.layer, d.kind, d.region, d.uscc, d.received_on, d.content::text AS content, d.sealed,
       (SELECT json_agg(json_build_object('step_no', s.step_no, 'action', s.action, 'state', s.state, 'actor', s.actor, 'at', s.at,
                                          'content', s.content, 'sealed', encode(s.sealed, 'base64')) ORDER BY s.step_no)
        FROM providers_step s WHERE s.code = d.code AND s.dossier_id = d.dossier_id)::text AS steps
FROM providers_dossier d
WHERE ($1::text[] IS NULL OR d.code = ANY ($1)) AND ($2::bigint IS NULL OR d.dossier_id = $2)
ORDER BY d.code, d.dossier_id
