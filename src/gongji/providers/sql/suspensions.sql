-- Suspensions that have force; one whose end still awaits the second officer goes on.
SELECT staff_code, CASE WHEN everywhere THEN '' ELSE code END AS code, from_on, until_on
FROM providers_suspension WHERE state IN ('in_force', 'end_proposed')
