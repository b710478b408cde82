-- Applications of the person $1 that a filing in force stands for.
SELECT declaration_id FROM members_filing WHERE psn_no = $1 AND declaration_id IS NOT NULL
