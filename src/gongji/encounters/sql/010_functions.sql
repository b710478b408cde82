-- What uploads do to a visit. Each function is one trade's whole effect and answers a reason code ('' when it was done) with a
-- detail. All lock the visit first, so that two uploads of one visit follow each other.
--
-- Before anything that a settlement depends on is changed, settlement_touch advances the person's year: a settlement that
-- has read the old lines fails its version check and reads again, and one that has just been committed is seen by the
-- question settlement_batch_settled that follows.

CREATE OR REPLACE FUNCTION encounters_lock(
    p_psn_no text, p_visit_id bigint, p_caller text, OUT code text, OUT service_on date, OUT group_id bigint)
LANGUAGE plpgsql AS $$
DECLARE
    visit record;
BEGIN
    code := '';
    SELECT v.caller, v.state, v.service_on, v.group_id INTO visit
    FROM encounters_visit v WHERE v.psn_no = p_psn_no AND v.visit_id = p_visit_id FOR UPDATE;
    IF NOT FOUND THEN
        code := 'UNKNOWN_VISIT';
    ELSIF visit.caller <> p_caller THEN
        code := 'VISIT_OF_ANOTHER_INSTITUTION';
    ELSIF visit.state <> 'open' THEN
        code := 'VISIT_CLOSED';
    END IF;
    service_on := visit.service_on;
    group_id := visit.group_id;
END;
$$;

CREATE OR REPLACE FUNCTION encounters_touch(p_psn_no text, p_service_on date) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM settlement_touch(p_psn_no, extract(year FROM p_service_on)::integer);
END;
$$;

CREATE OR REPLACE FUNCTION encounters_any_settled(p_psn_no text, p_visit_id bigint, p_group_id bigint) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM encounters_fee_batch b
        WHERE b.psn_no = p_psn_no AND b.visit_id = p_visit_id AND b.cancelled_at IS NULL
          AND settlement_batch_settled(b.psn_no, b.visit_id, b.batch_no, p_group_id));
END;
$$;

-- 2204: one row a batch of this upload. Line numbers (feedetl_sn) are unique among the visit's lines that are not cancelled.
CREATE OR REPLACE FUNCTION encounters_upload(
    p_psn_no text, p_visit_id bigint, p_caller text, p_part_id bigint,
    p_batch_no text[], p_lines text[], p_line_count bigint[], p_total_fen bigint[], p_keys text[], p_at timestamptz,
    OUT code text, OUT detail text)
LANGUAGE plpgsql AS $$
DECLARE
    v_service_on date;
    v_group_id bigint;
BEGIN
    detail := '';
    SELECT l.code, l.service_on, l.group_id INTO code, v_service_on, v_group_id
    FROM encounters_lock(p_psn_no, p_visit_id, p_caller) l;
    IF code <> '' THEN RETURN; END IF;

    SELECT k.key INTO detail
    FROM encounters_fee_batch b CROSS JOIN LATERAL unnest(b.line_keys) AS k(key)
    WHERE b.psn_no = p_psn_no AND b.visit_id = p_visit_id AND b.cancelled_at IS NULL AND k.key = ANY(p_keys)
    LIMIT 1;
    IF FOUND THEN code := 'FEE_DUPLICATE'; RETURN; END IF;

    PERFORM encounters_touch(p_psn_no, v_service_on);
    SELECT n INTO detail FROM unnest(p_batch_no) AS n WHERE settlement_batch_settled(p_psn_no, p_visit_id, n, v_group_id) LIMIT 1;
    IF FOUND THEN code := 'FEE_SETTLED'; RETURN; END IF;

    detail := '';
    INSERT INTO encounters_fee_batch
        (psn_no, visit_id, batch_no, part_id, lines, line_count, total_fen, line_keys, uploaded_at)
    SELECT p_psn_no, p_visit_id, u.batch_no, p_part_id, u.lines::jsonb, u.line_count, u.total_fen,
           ARRAY(SELECT l ->> 'key' FROM jsonb_array_elements(u.lines::jsonb) AS l), p_at
    FROM unnest(p_batch_no, p_lines, p_line_count, p_total_fen) AS u(batch_no, lines, line_count, total_fen);
END;
$$;

-- 2205: cancels the lines of one batch that is not settled, or with '0000' of all such batches.
CREATE OR REPLACE FUNCTION encounters_cancel_fees(
    p_psn_no text, p_visit_id bigint, p_caller text, p_batch_no text, p_at timestamptz, OUT code text, OUT detail text)
LANGUAGE plpgsql AS $$
DECLARE
    v_service_on date;
    v_group_id bigint;
BEGIN
    detail := '';
    SELECT l.code, l.service_on, l.group_id INTO code, v_service_on, v_group_id
    FROM encounters_lock(p_psn_no, p_visit_id, p_caller) l;
    IF code <> '' THEN RETURN; END IF;

    PERFORM encounters_touch(p_psn_no, v_service_on);
    IF p_batch_no <> '0000' AND settlement_batch_settled(p_psn_no, p_visit_id, p_batch_no, v_group_id) THEN
        code := 'FEE_SETTLED'; detail := p_batch_no; RETURN;
    END IF;
    UPDATE encounters_fee_batch b SET cancelled_at = p_at
    WHERE b.psn_no = p_psn_no AND b.visit_id = p_visit_id AND p_batch_no IN ('0000', b.batch_no)
      AND b.cancelled_at IS NULL AND NOT settlement_batch_settled(b.psn_no, b.visit_id, b.batch_no, v_group_id);
    IF NOT FOUND AND p_batch_no <> '0000' THEN code := 'FEE_BATCH_UNKNOWN'; detail := p_batch_no; END IF;
END;
$$;

-- 2202: a visit that has a settlement in force stays; lines that were not settled go with the visit.
CREATE OR REPLACE FUNCTION encounters_cancel_visit(
    p_psn_no text, p_visit_id bigint, p_caller text, p_at timestamptz, OUT code text, OUT detail text)
LANGUAGE plpgsql AS $$
DECLARE
    v_service_on date;
    v_group_id bigint;
BEGIN
    detail := '';
    SELECT l.code, l.service_on, l.group_id INTO code, v_service_on, v_group_id
    FROM encounters_lock(p_psn_no, p_visit_id, p_caller) l;
    IF code <> '' THEN RETURN; END IF;

    PERFORM encounters_touch(p_psn_no, v_service_on);
    IF encounters_any_settled(p_psn_no, p_visit_id, v_group_id) THEN code := 'VISIT_SETTLED'; RETURN; END IF;
    UPDATE encounters_fee_batch b SET cancelled_at = p_at
    WHERE b.psn_no = p_psn_no AND b.visit_id = p_visit_id AND b.cancelled_at IS NULL;
    UPDATE encounters_visit v SET state = 'cancelled', changed_at = p_at
    WHERE v.psn_no = p_psn_no AND v.visit_id = p_visit_id;
END;
$$;

-- 2203: medical category, condition and diagnoses; sent again, it replaces what it names. A visit has one category: once
-- something is settled under it, it cannot become another.
CREATE OR REPLACE FUNCTION encounters_put_info(
    p_psn_no text, p_visit_id bigint, p_caller text, p_med_type text, p_seen_at timestamptz, p_condition text,
    p_disease_code text, p_disease_name text, p_diagnoses text, p_at timestamptz, OUT code text, OUT detail text)
LANGUAGE plpgsql AS $$
DECLARE
    v_service_on date;
    v_group_id bigint;
    v_med_type text;
BEGIN
    detail := '';
    SELECT l.code, l.service_on, l.group_id INTO code, v_service_on, v_group_id
    FROM encounters_lock(p_psn_no, p_visit_id, p_caller) l;
    IF code <> '' THEN RETURN; END IF;

    PERFORM encounters_touch(p_psn_no, v_service_on);
    SELECT v.med_type INTO v_med_type FROM encounters_visit v WHERE v.psn_no = p_psn_no AND v.visit_id = p_visit_id;
    IF v_med_type <> p_med_type AND encounters_any_settled(p_psn_no, p_visit_id, v_group_id) THEN
        code := 'VISIT_SETTLED'; detail := v_med_type; RETURN;
    END IF;
    UPDATE encounters_visit v
    SET med_type = p_med_type, seen_at = p_seen_at, condition = p_condition,
        disease_code = p_disease_code, disease_name = p_disease_name, changed_at = p_at
    WHERE v.psn_no = p_psn_no AND v.visit_id = p_visit_id;
    INSERT INTO encounters_diagnosis
        (psn_no, visit_id, diag_type, sort_no, code, name, dept, doctor_code, doctor_name, diagnosed_at, valid)
    SELECT p_psn_no, p_visit_id, d.diag_type, d.sort_no, d.code, d.name, d.dept, d.doctor_code, d.doctor_name,
           d.diagnosed_at, d.valid
    FROM jsonb_to_recordset(p_diagnoses::jsonb) AS d(diag_type text, sort_no bigint, code text, name text, dept text,
         doctor_code text, doctor_name text, diagnosed_at timestamptz, valid boolean)
    ON CONFLICT (psn_no, visit_id, diag_type, sort_no) DO UPDATE
    SET code = excluded.code, name = excluded.name, dept = excluded.dept, doctor_code = excluded.doctor_code,
        doctor_name = excluded.doctor_name, diagnosed_at = excluded.diagnosed_at, valid = excluded.valid;
END;
$$;
