DELETE FROM access_session WHERE account_id = $1 RETURNING complete, address
