-- Any key whose secret is sealed, to see whether the vault opens it.
SELECT access_key, secret_sealed FROM providers_credential LIMIT 1
