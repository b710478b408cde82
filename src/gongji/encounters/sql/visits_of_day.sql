-- Visits of an institution on a day of service, the youngest first; $3: the smallest number that a visit of that day can have.
SELECT v.psn_no, v.visit_id, v.caller, v.ipt_otp_no, v.insutype, v.voucher_type, v.med_type, v.dept_code, v.dept_name,
       v.caty, v.doctor_code, v.doctor_name, v.begun_at, v.seen_at, v.service_on, v.group_id, v.state, v.condition,
       v.disease_code, v.disease_name, v.registered_at, v.changed_at
FROM encounters_visit v
WHERE v.caller = $1 AND v.service_on = $2 AND v.visit_id >= $3 AND ($4 = '' OR v.doctor_code = $4)
ORDER BY v.visit_id DESC
LIMIT $5
