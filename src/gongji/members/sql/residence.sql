-- The cell in which a member lives on the day $2.
SELECT lat_e3, lng_e3 FROM members_residence
WHERE psn_no = $1 AND from_on <= $2 AND (until_on IS NULL OR until_on >= $2) ORDER BY from_on DESC LIMIT 1
