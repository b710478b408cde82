-- Institutions that the person $1 has chosen for the kind of business $2, on the day $3, in their order.
SELECT from_on, until_on, biz_type, sort_no, institution, institution_name, declaration_id
FROM members_fixed
WHERE psn_no = $1 AND biz_type = $2 AND from_on <= $3 AND (until_on IS NULL OR until_on >= $3)
ORDER BY sort_no, from_on
