-- What was given up is due again at $1, for another day; of one institution ($2) or of all ('').
UPDATE gateway_notice SET due_at = $1, made_at = $1, tries = 0, given_up_at = NULL
WHERE given_up_at IS NOT NULL AND ($2 = '' OR institution = $2)
