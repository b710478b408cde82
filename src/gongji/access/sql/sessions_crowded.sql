-- The oldest complete sessions of an account beyond the $2 newest.
DELETE FROM access_session WHERE digest IN (
    SELECT digest FROM access_session WHERE account_id = $1 AND complete ORDER BY started_at DESC, seen_at DESC, digest OFFSET $2)
RETURNING address
