-- How many members insured on the day $1 live in each cell, by insured area (those that begin with $2); lat_e3 and lng_e3 are
-- NULL for those whose residence is not known.
SELECT r.region, l.lat_e3, l.lng_e3, count(*) AS members
FROM members_relation r
LEFT JOIN members_residence l ON l.psn_no = r.psn_no AND l.from_on <= $1 AND (l.until_on IS NULL OR l.until_on >= $1)
WHERE r.insutype = $3 AND r.from_on <= $1 AND (r.until_on IS NULL OR r.until_on >= $1) AND starts_with(r.region, $2)
GROUP BY r.region, l.lat_e3, l.lng_e3
