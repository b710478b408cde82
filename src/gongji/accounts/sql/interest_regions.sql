-- Regions in which anybody is or was insured.
SELECT DISTINCT region FROM members_relation WHERE insutype = '310' ORDER BY region
