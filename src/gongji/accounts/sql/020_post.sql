-- Post movements to personal accounts, all of one caller's transaction; arrays are parallel, one element a movement.
--
-- A movement names the version of the account that its caller read (NULL: any version will do, for credits and corrections
-- that do not depend on the balance). Returns how many movements were posted: fewer than were given means that an account
-- does not exist, is not open for what is to be taken, or has moved on since it was read, and the caller must roll back. A
-- balance below zero is refused by CHECK (23514). Several movements of one account in one call are applied in the order of
-- their ids and advance it by one version.
--
-- Nothing is taken from a frozen or closed account but by the case that froze or closes it (支取, 转出, 追回).
--
-- One UPDATE a person, in the order of psn_no: locks are always taken in the same order, so that two calls never wait for
-- each other in a circle, and no statement locks several persons (a distributed database refuses that).
CREATE OR REPLACE FUNCTION accounts_post(
    p_psn_no        text[],
    p_version       bigint[],
    p_amount_fen    bigint[],
    p_kind          text[],
    p_settlement_id bigint[],
    p_counterpart   text[],
    p_entry_id      bigint[],
    p_occurred_at   timestamptz,
    p_reference     bigint[] DEFAULT NULL,
    p_period        date[]   DEFAULT NULL
) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    account record;
    advanced text[] := '{}';
    opened bigint[] := '{}';
    versions bigint[] := '{}';
    before_fen bigint;
    version_after bigint;
    posted integer;
BEGIN
    FOR account IN
        SELECT m.psn_no, sum(m.amount_fen)::bigint AS amount_fen, min(m.version) AS version,
               count(DISTINCT m.version) <= 1 AS one_version,
               bool_or(m.amount_fen < 0 AND m.kind NOT IN ('withdrawal', 'transfer_out', 'recovery', 'credit_correction'))
                   AS spends
        FROM unnest(p_psn_no, p_version, p_amount_fen, p_kind) AS m(psn_no, version, amount_fen, kind)
        GROUP BY m.psn_no ORDER BY m.psn_no
    LOOP
        UPDATE accounts_balance b
        SET balance_fen = b.balance_fen + account.amount_fen, version = b.version + 1
        WHERE b.psn_no = account.psn_no AND account.one_version
          AND (account.version IS NULL OR b.version = account.version)
          AND (b.state = 'open' OR NOT account.spends)
        RETURNING b.balance_fen - account.amount_fen, b.version INTO before_fen, version_after;
        IF FOUND THEN
            advanced := advanced || account.psn_no;
            opened := opened || before_fen;
            versions := versions || version_after;
        END IF;
    END LOOP;

    INSERT INTO accounts_entry (psn_no, entry_id, version, kind, amount_fen, balance_after_fen, settlement_id, reference,
                                period, counterpart, occurred_at)
    SELECT m.psn_no, m.entry_id, a.version, m.kind, m.amount_fen,
           a.before_fen + sum(m.amount_fen) OVER (PARTITION BY m.psn_no ORDER BY m.entry_id),
           m.settlement_id, m.reference, m.period, m.counterpart, p_occurred_at
    FROM unnest(p_psn_no, p_entry_id, p_kind, p_amount_fen, p_settlement_id, p_counterpart, p_reference, p_period)
        AS m(psn_no, entry_id, kind, amount_fen, settlement_id, counterpart, reference, period)
    JOIN unnest(advanced, opened, versions) AS a(psn_no, before_fen, version) ON a.psn_no = m.psn_no;
    GET DIAGNOSTICS posted = ROW_COUNT;
    RETURN posted;
END;
$$;
