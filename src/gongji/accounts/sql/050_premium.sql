-- Premiums paid from an account (代缴保费) and their refunds: facts. premium_id is also the account entry and the journal row.
--
-- A premium is paid once for an insured person, product and year; attempt is 1 plus the refunds of it before, so that a refunded one
-- can be paid again. caller and caller_no are the number under which the caller sent it: sent again, it is answered, not paid.
CREATE TABLE accounts_premium (
    psn_no        text        NOT NULL,
    premium_id    bigint      NOT NULL,
    product       text        NOT NULL CHECK (product IN ('resident_insurance', 'large_amount', 'long_term_care')),
    insured       text        NOT NULL,
    year          smallint    NOT NULL,
    attempt       smallint    NOT NULL CHECK (attempt >= 1),
    payee         text        NOT NULL,
    amount_fen    bigint      NOT NULL CHECK (amount_fen > 0),
    relation      text        NOT NULL,
    region        text        NOT NULL,
    clause        text        NOT NULL,
    policy_digest bytea       NOT NULL,
    caller        text        NOT NULL,
    caller_no     text        NOT NULL,
    actor         text        NOT NULL,
    paid_at       timestamptz NOT NULL,
    PRIMARY KEY (psn_no, premium_id),
    CONSTRAINT accounts_premium_once UNIQUE (psn_no, insured, product, year, attempt),
    CONSTRAINT accounts_premium_number UNIQUE (psn_no, caller, caller_no)
);

-- Whether another relative has paid it already.
CREATE INDEX accounts_premium_insured ON accounts_premium (insured, product, year);

CREATE TABLE accounts_premium_refund (
    psn_no      text        NOT NULL,
    premium_id  bigint      NOT NULL,
    entry_id    bigint      NOT NULL,
    amount_fen  bigint      NOT NULL CHECK (amount_fen > 0),
    reason      text        NOT NULL,
    actor       text        NOT NULL,
    refunded_at timestamptz NOT NULL,
    PRIMARY KEY (psn_no, premium_id)
);

CREATE TRIGGER accounts_premium_append_only BEFORE UPDATE OR DELETE ON accounts_premium
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER accounts_premium_refund_append_only BEFORE UPDATE OR DELETE ON accounts_premium_refund
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON accounts_premium, accounts_premium_refund FROM PUBLIC;
