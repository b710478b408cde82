-- Dossiers of the institution $1, the layer $2, in the state $3 (NULL: all), newest first; a page of $4 after $5.
SELECT code, dossier_id, layer, state, received_on, actor, changed_at FROM providers_v_dossier
WHERE ($1::text IS NULL OR code = $1) AND ($2::text IS NULL OR layer = $2) AND ($3::text IS NULL OR state = $3)
ORDER BY dossier_id DESC LIMIT $4 OFFSET $5
