-- Steps taken with prescriptions: one element a prescription, with the version that was read, the state after, and the new events.
-- 40001: somebody has taken a step since it was read (the persons are in DETAIL, separated by commas); nothing is written.
CREATE FUNCTION prescriptions_advance(p_rows jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    advanced text[];
BEGIN
    WITH upserted AS (
        INSERT INTO prescriptions_current AS current
        SELECT sent.psn_no, sent.rx_id, sent.previous, sent.version, sent.state, sent.issuer, sent.holder, sent.held_until,
               sent.fill, sent.due_at, sent.changed_at
        FROM jsonb_to_recordset(p_rows) AS sent(
            psn_no text, rx_id bigint, previous integer, version integer, state text, issuer text, holder text,
            held_until timestamptz, fill integer, due_at timestamptz, changed_at timestamptz)
        ORDER BY sent.psn_no, sent.rx_id
        ON CONFLICT (psn_no, rx_id) DO UPDATE
        SET previous = excluded.previous, version = excluded.version, state = excluded.state, holder = excluded.holder,
            held_until = excluded.held_until, fill = excluded.fill, due_at = excluded.due_at, changed_at = excluded.changed_at
        WHERE current.version = excluded.previous
        RETURNING psn_no || ' ' || rx_id AS key
    )
    SELECT array_agg(key) INTO advanced FROM upserted;
    IF coalesce(cardinality(advanced), 0) <> jsonb_array_length(p_rows) THEN
        RAISE EXCEPTION 'prescriptions have advanced' USING
            ERRCODE = 'serialization_failure',
            DETAIL = (SELECT string_agg(DISTINCT sent ->> 'psn_no', ',') FROM jsonb_array_elements(p_rows) AS sent
                      WHERE (sent ->> 'psn_no') || ' ' || (sent ->> 'rx_id') <> ALL (coalesce(advanced, '{}')));
    END IF;

    INSERT INTO prescriptions_event
    SELECT sent.value ->> 'psn_no', (sent.value ->> 'rx_id')::bigint, event.event_no, event.verb, event.state, event.at, event.actor,
           event.institution, event.reason, event.detail, event.sealed
    FROM jsonb_array_elements(p_rows) AS sent
    CROSS JOIN LATERAL jsonb_to_recordset(sent.value -> 'events') AS event(
        event_no integer, verb text, state text, at timestamptz, actor text, institution text, reason text, detail jsonb,
        sealed bytea);
END;
$$;
