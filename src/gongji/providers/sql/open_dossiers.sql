-- Dossiers that somebody has to act on: their newest state is one of $1.
SELECT dossier_id FROM providers_v_dossier WHERE state = ANY ($1::text[]) ORDER BY dossier_id
