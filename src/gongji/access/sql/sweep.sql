SELECT access_sweep($1, $2, $3)
