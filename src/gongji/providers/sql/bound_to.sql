-- Internet hospitals that are bound to the institution $1.
SELECT DISTINCT code FROM providers_dossier WHERE host = $1 AND layer = 'internet' ORDER BY code
