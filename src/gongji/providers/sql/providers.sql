SELECT i.code, i.name, i.uscc, i.kind, i.hosp_lv, i.region, i.address,
       coalesce((SELECT json_agg(s ORDER BY s.from_on, s.state_no) FROM providers_state s WHERE s.code = i.code), '[]')::text AS states
FROM providers_institution i
ORDER BY i.code
