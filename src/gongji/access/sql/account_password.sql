UPDATE access_account SET password = $2, must_change = $3, generation = generation + 1 WHERE id = $1
