-- What settlements read of the institutions $1 (NULL: all), in the order in which it holds.
SELECT code, json_agg(to_jsonb(s) - 'code' - 'state_no' ORDER BY from_on, state_no)::text AS rows
FROM providers_state s WHERE $1::text[] IS NULL OR code = ANY ($1) GROUP BY code ORDER BY code
