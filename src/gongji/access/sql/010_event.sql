-- What happened about accounts: tries to sign in, sign-ins, roles, passwords, ends of sessions. One line each, never changed.
--
-- The database numbers the events: tries are counted in the order in which the lock let them in, on whatever worker they arrived.
-- account_id is whose, actor who did it ('' for somebody not yet known). guess is the keyed digest of what was typed as a name
-- or voucher: tries at a name that nobody has are counted as well, and a password typed into the wrong field is not kept. detail is
-- the role, the way of signing in, why a session ended; reason what an officer wrote about an own act.

CREATE TABLE access_event (
    event_no   bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at         timestamptz NOT NULL,
    kind       text        NOT NULL,
    account_id bigint,
    actor      text        NOT NULL DEFAULT '',
    guess      bytea,
    address    text        NOT NULL DEFAULT '',
    detail     text        NOT NULL DEFAULT '',
    reason     text        NOT NULL DEFAULT ''
);
CREATE INDEX access_event_account ON access_event (account_id, event_no);
CREATE INDEX access_event_try ON access_event (guess, at) WHERE kind IN ('tried', 'code_tried');
CREATE INDEX access_event_answer ON access_event (guess, event_no)
    WHERE kind IN ('signed_in', 'unlocked', 'password_changed', 'password_reset', 'factor_set', 'factor_reset');
CREATE INDEX access_event_address ON access_event (address, at) WHERE kind = 'tried';
CREATE INDEX access_event_at ON access_event USING brin (at);

CREATE TRIGGER access_event_append_only BEFORE UPDATE OR DELETE ON access_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON access_event FROM PUBLIC;

-- May this try go on? Answers '' and records the try, or which limit is reached ('guess', 'address') and records the refusal.
--
-- A try is recorded before it is checked, under locks on what is guessed and where from, so that fifty at the same time are
-- counted one after the other. p_kind is 'tried' (password, voucher) or 'code_tried' (second factor).
--
-- Nobody shuts out others by guessing at their names: from an address where a name has signed in within p_known, only the tries at
-- that name from that address count, and not what others try there. Everywhere else a name's tries count together, and those of
-- an address. A sign-in answers for the tries at its name from its address; an officer or a new password for all tries at the name.
CREATE FUNCTION access_try(
    p_kind       text,
    p_at         timestamptz,
    p_account_id bigint,
    p_guess      bytea,
    p_address    text,
    p_most       integer,
    p_most_there integer,
    p_within     interval,
    p_known      interval
) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    known boolean;
    since bigint;
    tries integer;
    there integer;
    verdict text := '';
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('access:guess:' || encode(p_guess, 'hex'), 0));
    PERFORM pg_advisory_xact_lock(hashtextextended('access:address:' || p_address, 0));

    known := p_kind = 'tried' AND EXISTS (
        SELECT FROM access_event
        WHERE guess = p_guess AND kind = 'signed_in' AND address = p_address AND at > p_at - p_known);
    SELECT coalesce(max(event_no), 0) INTO since FROM access_event
    WHERE guess = p_guess AND kind IN ('unlocked', 'password_changed', 'password_reset', 'factor_set', 'factor_reset');
    SELECT count(*) INTO tries FROM access_event t
    WHERE t.guess = p_guess AND t.kind = p_kind AND t.event_no > since AND t.at > p_at - p_within
        AND (NOT known OR t.address = p_address) AND NOT EXISTS (
        SELECT FROM access_event s
        WHERE s.guess = t.guess AND s.kind = 'signed_in' AND s.event_no > t.event_no AND s.address = t.address);
    SELECT count(*) INTO there FROM access_event t
    WHERE t.address = p_address AND t.kind = 'tried' AND t.at > p_at - p_within AND NOT EXISTS (
        SELECT FROM access_event s
        WHERE s.guess = t.guess AND s.kind = 'signed_in' AND s.event_no > t.event_no AND s.address = p_address);

    IF tries >= p_most THEN
        verdict := 'guess';
    ELSIF p_kind = 'tried' AND NOT known AND there >= p_most_there THEN
        verdict := 'address';
    END IF;
    INSERT INTO access_event (at, kind, account_id, guess, address, detail)
    VALUES (p_at, CASE WHEN verdict = '' THEN p_kind ELSE 'limited' END, p_account_id, p_guess, p_address, verdict);
    RETURN verdict;
END;
$$;

-- End sessions that are over: idle too long, too old, or of an earlier generation of their account. Answers how many.
CREATE FUNCTION access_sweep(p_at timestamptz, p_longest interval, p_unfinished interval) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    ended integer;
BEGIN
    WITH over AS (
        DELETE FROM access_session s USING access_account a
        WHERE a.id = s.account_id AND (
            s.seen_at + make_interval(secs => s.idle_s) <= p_at OR s.started_at + p_longest <= p_at
            OR (NOT s.complete AND s.started_at + p_unfinished <= p_at)
            OR s.generation <> a.generation OR NOT a.is_active)
        RETURNING s.account_id, s.address, s.complete,
            CASE WHEN s.generation <> a.generation OR NOT a.is_active THEN 'changed'
                 WHEN NOT s.complete THEN 'unfinished'
                 WHEN s.started_at + p_longest <= p_at THEN 'longest' ELSE 'idle' END AS why
    ), told AS (
        INSERT INTO access_event (at, kind, account_id, actor, address, detail)
        SELECT p_at, 'session_ended', account_id, 'system:gongji', address, why FROM over WHERE complete
        RETURNING 1
    )
    SELECT count(*) INTO ended FROM over;
    RETURN ended;
END;
$$;
