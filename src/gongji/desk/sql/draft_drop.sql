DELETE FROM desk_draft WHERE institution = $1 AND account = $2 AND kind = $3 AND key = $4
