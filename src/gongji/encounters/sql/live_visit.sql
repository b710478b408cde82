SELECT visit_id FROM encounters_visit
WHERE psn_no = $1 AND caller = $2 AND ipt_otp_no = $3 AND NOT (state = 'cancelled')
