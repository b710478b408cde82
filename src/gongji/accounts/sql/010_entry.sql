-- Movements of personal accounts (个人账户流水): facts, and the balance that is their running sum.
-- Amounts are fen, positive into the account. The entries of a person follow each other by (version, entry_id): version is that of
-- the account after the movement, ids may have been taken in another order by two processes. balance_after_fen makes every entry
-- checkable against the one before it. reference is the fact that caused it (case, premium, run), period the first day of the month
-- or year that it concerns.

CREATE TABLE accounts_balance (
    psn_no         text   PRIMARY KEY,
    balance_fen    bigint NOT NULL CHECK (balance_fen >= 0),
    version        bigint NOT NULL CHECK (version >= 1),
    state          text   NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'frozen', 'closed')),
    receivable_fen bigint NOT NULL DEFAULT 0 CHECK (receivable_fen >= 0)
) WITH (fillfactor = 80);  -- every payment updates its row: room on the page keeps that cheap

CREATE TABLE accounts_entry (
    psn_no            text        NOT NULL,
    entry_id          bigint      NOT NULL,
    version           bigint      NOT NULL,
    kind              text        NOT NULL,
    amount_fen        bigint      NOT NULL,
    balance_after_fen bigint      NOT NULL CHECK (balance_after_fen >= 0),
    settlement_id     bigint,
    reference         bigint,
    period            date,
    counterpart       text,
    occurred_at       timestamptz NOT NULL,
    PRIMARY KEY (psn_no, entry_id)
);

CREATE INDEX accounts_entry_settlement ON accounts_entry (psn_no, settlement_id) WHERE settlement_id IS NOT NULL;

CREATE TRIGGER accounts_entry_append_only BEFORE UPDATE OR DELETE ON accounts_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON accounts_entry FROM PUBLIC;
