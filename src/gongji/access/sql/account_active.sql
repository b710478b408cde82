UPDATE access_account SET is_active = $2, generation = generation + 1 WHERE id = $1 AND is_active <> $2 RETURNING id
