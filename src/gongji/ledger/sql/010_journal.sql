-- Journal (凭证): one row an event, its legs in arrays, Σ amounts = 0 by CHECK. Debits positive, credits negative.
-- journal_id is the id of the fact that caused it (settlement, account movement); source says which.

-- A loop and not sum over unnest: it is called for every row written, and costs a quarter so.
CREATE FUNCTION ledger_balanced(amounts bigint[]) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    total bigint := 0;
    amount bigint;
BEGIN
    FOREACH amount IN ARRAY amounts LOOP
        total := total + amount;
    END LOOP;
    RETURN coalesce(total = 0, false);  -- a leg without an amount is no leg
END;
$$;

CREATE TABLE ledger_journal (
    psn_no     text        NOT NULL,
    journal_id bigint      NOT NULL,
    source     text        NOT NULL,
    posted_on  date        NOT NULL,
    posted_at  timestamptz NOT NULL,
    accounts   integer[]   NOT NULL,
    parties    text[]      NOT NULL,
    amounts    bigint[]    NOT NULL,
    PRIMARY KEY (psn_no, journal_id),
    CONSTRAINT ledger_journal_balanced CHECK (ledger_balanced(amounts)),
    CONSTRAINT ledger_journal_shape CHECK (
        cardinality(accounts) = cardinality(amounts) AND cardinality(parties) = cardinality(amounts))
);

CREATE TABLE ledger_account (
    code integer PRIMARY KEY,
    name text    NOT NULL,
    side text    NOT NULL CHECK (side IN ('debit', 'credit'))
);

-- A fact is never changed; a correction is a new fact. One function serves every fact table of every room.
CREATE FUNCTION refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: facts are append-only (事实只增不改)', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END;
$$;

CREATE TRIGGER ledger_journal_append_only BEFORE UPDATE OR DELETE ON ledger_journal
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON ledger_journal FROM PUBLIC;

CREATE VIEW ledger_v_leg AS
SELECT j.psn_no, j.journal_id, j.source, j.posted_on, j.posted_at,
       leg.position, leg.account, a.name AS account_name, leg.party, leg.amount_fen
FROM ledger_journal j
CROSS JOIN LATERAL unnest(j.accounts, j.parties, j.amounts) WITH ORDINALITY
    AS leg(account, party, amount_fen, position)
LEFT JOIN ledger_account a ON a.code = leg.account;
