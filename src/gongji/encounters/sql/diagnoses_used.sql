-- What an institution has diagnosed lately, the most frequent first, in the department $2 ('': in any); nobody is named.
SELECT d.diag_type, d.code, min(d.name) AS name, count(*) AS times
FROM (SELECT v.psn_no, v.visit_id, v.dept_code FROM encounters_visit v WHERE v.caller = $1 ORDER BY v.visit_id DESC LIMIT 2000) AS recent
JOIN encounters_diagnosis d ON d.psn_no = recent.psn_no AND d.visit_id = recent.visit_id AND d.valid
WHERE ($2 = '' OR recent.dept_code = $2) AND (d.name LIKE '%' || $3 || '%' OR upper(d.code) LIKE upper($3) || '%')
GROUP BY d.diag_type, d.code
ORDER BY times DESC, d.code
LIMIT $4
