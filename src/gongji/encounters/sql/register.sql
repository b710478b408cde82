INSERT INTO encounters_visit
    (psn_no, visit_id, caller, ipt_otp_no, insutype, voucher_type, med_type, dept_code, dept_name, caty, doctor_code,
     doctor_name, begun_at, service_on, group_id, state, condition, disease_code, disease_name, registered_at, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 'open', '', '', '', $16, $16)
ON CONFLICT (psn_no, caller, ipt_otp_no) WHERE NOT (state = 'cancelled') DO NOTHING
RETURNING visit_id
