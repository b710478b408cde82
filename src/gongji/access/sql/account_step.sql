-- A code is taken once: only a later step than the last one goes through, whoever asks at the same time.
UPDATE access_account SET totp_step = $2 WHERE id = $1 AND totp_step < $2 RETURNING id
