INSERT INTO access_event (at, kind, account_id, actor, guess, address, detail, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
RETURNING event_no
