-- All institutions, or the one of code $1, with what holds by date, their place and the services that they offer.
SELECT i.code, i.name, i.uscc, i.kind, i.hosp_lv, i.region, i.address,
       coalesce((SELECT json_agg(s ORDER BY s.from_on, s.state_no) FROM providers_state s WHERE s.code = i.code), '[]')::text AS states,
       coalesce((SELECT json_agg(o ORDER BY o.from_on, o.spell_no) FROM providers_offer o WHERE o.code = i.code), '[]')::text AS offers,
       (SELECT row_to_json(p)::text FROM providers_place p WHERE p.code = i.code) AS place
FROM providers_institution i
WHERE $1::text IS NULL OR i.code = $1
ORDER BY i.code
