-- Sign-ins and changes of one account happen one after the other.
SELECT generation FROM access_account WHERE id = $1 FOR UPDATE
