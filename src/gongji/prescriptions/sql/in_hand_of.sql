-- Whether the institution $2 has done something with the prescription $1.
SELECT EXISTS (
    SELECT FROM prescriptions_prescription p JOIN prescriptions_event e ON e.psn_no = p.psn_no AND e.rx_id = p.rx_id
    WHERE p.rx_id = $1 AND e.institution = $2)
