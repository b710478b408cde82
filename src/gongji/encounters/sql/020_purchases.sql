-- Pharmacy sales (2102): visit and fee lines of each, inside the transaction that settles them.
-- p_purchases is an array of objects: columns of encounters_visit, and batch_no, part_id, lines, line_keys, total_fen.
-- The pharmacy's own number (ipt_otp_no) names one sale; used again while that sale stands, it violates the unique index.
CREATE OR REPLACE FUNCTION encounters_record_purchases(p_purchases jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO encounters_visit
        (psn_no, visit_id, caller, ipt_otp_no, insutype, voucher_type, med_type, dept_code, dept_name, caty, doctor_code,
         doctor_name, begun_at, service_on, group_id, state, condition, disease_code, disease_name, registered_at, changed_at)
    SELECT p.psn_no, p.visit_id, p.caller, p.ipt_otp_no, p.insutype, p.voucher_type, p.med_type, '', '', '', '', '',
           p.begun_at, p.service_on, p.group_id, 'open', '', p.disease_code, '', p.registered_at, p.registered_at
    FROM jsonb_to_recordset(p_purchases) AS p(psn_no text, visit_id bigint, caller text, ipt_otp_no text, insutype text,
         voucher_type text, med_type text, begun_at timestamptz, service_on date, group_id bigint, disease_code text,
         registered_at timestamptz);
    INSERT INTO encounters_fee_batch
        (psn_no, visit_id, batch_no, part_id, lines, line_count, total_fen, line_keys, uploaded_at)
    SELECT p.psn_no, p.visit_id, p.batch_no, p.part_id, p.lines, jsonb_array_length(p.lines), p.total_fen, p.line_keys,
           p.registered_at
    FROM jsonb_to_recordset(p_purchases) AS p(psn_no text, visit_id bigint, batch_no text, part_id bigint, lines jsonb,
         line_keys text[], total_fen bigint, registered_at timestamptz);
END;
$$;
