UPDATE access_account SET generation = generation + 1 WHERE id = $1
