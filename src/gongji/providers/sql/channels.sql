SELECT app_id, code, app_secret_sealed, public_key, callback_url, from_on, until_on FROM providers_channel ORDER BY from_on, app_id
