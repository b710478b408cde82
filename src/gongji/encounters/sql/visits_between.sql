-- Visits of an institution with service days from $2 to $3, the youngest first; $4: the smallest number that one of them can have.
SELECT v.psn_no, v.visit_id, v.caller, v.ipt_otp_no, v.insutype, v.voucher_type, v.med_type, v.dept_code, v.dept_name,
       v.caty, v.doctor_code, v.doctor_name, v.begun_at, v.seen_at, v.service_on, v.group_id, v.state, v.condition,
       v.disease_code, v.disease_name, v.registered_at, v.changed_at
FROM encounters_visit v
WHERE v.caller = $1 AND v.service_on BETWEEN $2 AND $3 AND v.visit_id >= $4 AND ($5 = '' OR v.doctor_code = $5)
ORDER BY v.visit_id DESC
LIMIT $6
