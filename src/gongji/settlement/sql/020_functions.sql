-- What a batch of settlements does in other rooms; a name that is missing is nothing to do.
CREATE FUNCTION settlement_effects(p_effects jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF p_effects ? 'purchases' THEN
        PERFORM encounters_record_purchases(p_effects -> 'purchases');
    END IF;
    IF p_effects ? 'freed' THEN
        PERFORM stock_free_traces(p_effects -> 'freed');
    END IF;
    IF p_effects ? 'traces' THEN
        PERFORM stock_use_traces(p_effects -> 'traces');
    END IF;
    IF p_effects ? 'prescriptions' THEN
        PERFORM prescriptions_advance(p_effects -> 'prescriptions');
    END IF;
END;
$$;

-- The one durable transaction of a batch of settlements: rows in, rows written, or nothing.
-- p_years, p_messages, p_facts and p_journals carry rows of the table that they are named after (facts as settlement_fact_sent); p_years carry the *next*
-- state with version = the version read + 1, sorted by person and year, so that two batches lock in the same order.
-- The posting arrays are the movements of personal accounts, parallel, as accounts_post takes them; p_effects are rows for
-- other rooms by name (settlement/effects.py), each list as the room's own function takes it.
-- 40001: somebody advanced a year (the persons are in DETAIL) or an account since it was read; nothing is written.
CREATE FUNCTION settle_batch(
    p_years        settlement_person_year[],
    p_messages     settlement_message[],
    p_facts        settlement_fact_sent[],
    p_journals     ledger_journal[],
    p_post_psn_no  text[],
    p_post_version bigint[],
    p_post_amount  bigint[],
    p_post_kind    text[],
    p_post_cause   bigint[],
    p_post_other   text[],
    p_post_id      bigint[],
    p_effects      jsonb,
    p_at           timestamptz
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    written  integer;
    advanced text[];
BEGIN
    WITH upserted AS (
        INSERT INTO settlement_person_year AS current
        SELECT * FROM unnest(p_years)
        ON CONFLICT (psn_no, year) DO UPDATE
        SET version = excluded.version, seq = excluded.seq, head = excluded.head,
            benefits = excluded.benefits, acc = excluded.acc, ceilings = excluded.ceilings
        WHERE current.version = excluded.version - 1
        RETURNING psn_no || ' ' || year AS advanced_year
    )
    SELECT count(*), array_agg(advanced_year) INTO written, advanced FROM upserted;
    IF written <> cardinality(p_years) THEN
        RAISE EXCEPTION 'person years have advanced' USING
            ERRCODE = 'serialization_failure',
            DETAIL = (SELECT string_agg(stale.psn_no, ',') FROM unnest(p_years) AS stale
                      WHERE stale.psn_no || ' ' || stale.year <> ALL (coalesce(advanced, '{}')));
    END IF;

    INSERT INTO settlement_message SELECT * FROM unnest(p_messages);
    GET DIAGNOSTICS written = ROW_COUNT;
    IF written <> cardinality(p_messages) THEN
        RAISE EXCEPTION 'messages: % of %', written, cardinality(p_messages) USING ERRCODE = 'data_exception';
    END IF;

    INSERT INTO settlement_fact
    SELECT sent.psn_no, sent.settlement_id, sent.kind, sent.original_id, sent.year, sent.seq, sent.service_on,
           sent.received_at, sent.settled_at, sent.caller, sent.infno, sent.msgid, sent.provider,
           sent.place_kind, sent.visit_id, sent.group_id, sent.group_year, sent.group_version, sent.batch_no,
           sent.med_type, sent.invoice_no, sent.region, sent.benefit, sent.attributes, sent.options,
           sent.line_texts, sent.lines::bigint[], sent.splits::bigint[], sent.waterfall::bigint[],
           sent.acc_before::bigint[], sent.acc_after::bigint[], sent.own_fen, sent.quota_key, sent.quota_fen,
           sent.quota_ratio_bp, sent.quota_windows::bigint[], sent.family, sent.family_offered::bigint[], sent.family_drawn::bigint[], sent.refusal,
           sent.ratio_bp, sent.policy_digest, sent.kernel_version, sent.message_digest, sent.prev_hash,
           sent.hash
    FROM unnest(p_facts) AS sent;
    GET DIAGNOSTICS written = ROW_COUNT;
    IF written <> cardinality(p_facts) THEN
        RAISE EXCEPTION 'settlements: % of %', written, cardinality(p_facts) USING ERRCODE = 'data_exception';
    END IF;

    INSERT INTO ledger_journal SELECT * FROM unnest(p_journals);
    GET DIAGNOSTICS written = ROW_COUNT;
    IF written <> cardinality(p_journals) THEN
        RAISE EXCEPTION 'journals: % of %', written, cardinality(p_journals) USING ERRCODE = 'data_exception';
    END IF;

    IF cardinality(p_post_psn_no) > 0 AND cardinality(p_post_psn_no) <> accounts_post(
        p_post_psn_no, p_post_version, p_post_amount, p_post_kind, p_post_cause, p_post_other, p_post_id, p_at)
    THEN
        RAISE EXCEPTION 'accounts have moved' USING ERRCODE = 'serialization_failure';
    END IF;

    IF p_effects <> '{}' THEN
        PERFORM settlement_effects(p_effects);
    END IF;
END;
$$;

-- Something that a settlement of this year depends on has changed (fees, visit, prescription): a settlement that has
-- read the old state is told to read again.
CREATE FUNCTION settlement_touch(p_psn_no text, p_year integer) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO settlement_person_year AS current (psn_no, year, version, seq, head, benefits, acc, ceilings)
    VALUES (p_psn_no, p_year, 1, 0, '\x', '{}', '{}', '{}')
    ON CONFLICT (psn_no, year) DO UPDATE SET version = current.version + 1;
$$;

-- Whether a fee batch of a visit has a settlement that was not reversed.
-- p_group_id is the visit's group, by which facts are found; a visit that is no purchase is its own.
CREATE FUNCTION settlement_batch_settled(
    p_psn_no text, p_visit_id bigint, p_batch_no text, p_group_id bigint DEFAULT NULL) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM settlement_fact AS done
        WHERE done.psn_no = p_psn_no AND done.group_id = coalesce(p_group_id, p_visit_id) AND done.visit_id = p_visit_id
          AND done.batch_no = p_batch_no AND done.kind = 1
          AND NOT EXISTS (SELECT FROM settlement_fact AS undone
                          WHERE undone.psn_no = p_psn_no AND undone.original_id = done.settlement_id));
$$;
