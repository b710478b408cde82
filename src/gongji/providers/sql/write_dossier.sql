-- An application, or the head of a change, as a fact.
INSERT INTO providers_dossier (code, dossier_id, layer, kind, region, uscc, host, received_on, content, sealed, representative_index)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::text::jsonb, $10, $11)
