UPDATE access_session SET pending_sealed = $2 WHERE digest = $1
