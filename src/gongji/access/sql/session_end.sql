-- One session of an account, by its digest; NULL when it has already ended.
DELETE FROM access_session WHERE digest = $1 RETURNING complete, address
