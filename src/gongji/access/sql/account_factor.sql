UPDATE access_account SET totp_sealed = $2, totp_step = $3, generation = generation + 1 WHERE id = $1
