SELECT psn_no, visit_id, caller, ipt_otp_no, insutype, voucher_type, med_type, dept_code, dept_name,
       caty, doctor_code, doctor_name, begun_at, seen_at, service_on, group_id, state, condition,
       disease_code, disease_name, registered_at, changed_at
FROM encounters_visit
WHERE psn_no = $1 AND caller = $2 AND begun_at BETWEEN $3 AND $4
ORDER BY begun_at, visit_id
