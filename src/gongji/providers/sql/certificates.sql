SELECT serial, code, subject, public_key, private_key_sealed, from_on, until_on FROM providers_certificate ORDER BY from_on, serial
