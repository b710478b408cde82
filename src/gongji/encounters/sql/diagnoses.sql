SELECT diag_type, sort_no, code, name, dept, doctor_code, doctor_name, diagnosed_at, valid
FROM encounters_diagnosis WHERE psn_no = $1 AND visit_id = $2
ORDER BY sort_no, diag_type
