SELECT access_key, code, secret_sealed, from_on, until_on FROM providers_credential ORDER BY from_on, access_key
