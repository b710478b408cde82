SELECT actor FROM access_event WHERE account_id = $1 AND kind = 'created'
