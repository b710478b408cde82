-- Who sent which number to the platform from a workstation: with it a cashier finds what became of it, and closes the own day.
-- The settlement itself is a fact of the settlement room; this one says whose hands it went through.

CREATE TABLE desk_sent (
    institution text        NOT NULL,
    infno       text        NOT NULL,
    msgid       text        NOT NULL,
    account     bigint      NOT NULL,
    operator    text        NOT NULL,
    psn_no      text        NOT NULL,
    sent_at     timestamptz NOT NULL,
    -- what the screen showed before it was sent, who pays what; of a refund negative
    total_fen   bigint      NOT NULL,
    fund_fen    bigint      NOT NULL,
    account_fen bigint      NOT NULL,
    cash_fen    bigint      NOT NULL,
    PRIMARY KEY (institution, infno, msgid)
);
CREATE INDEX desk_sent_by ON desk_sent (institution, sent_at);

-- A cashier's shift as it was closed (日结): the settlements that it covers, and their sums, which can be compared with the facts at
-- any time. What is settled after a closing belongs to the next shift of the day.
CREATE TABLE desk_closing (
    institution text        NOT NULL,
    closing_id  bigint      NOT NULL,
    account     bigint      NOT NULL,
    operator    text        NOT NULL,
    closed_on   date        NOT NULL,
    shift_no    integer     NOT NULL,
    closed_at   timestamptz NOT NULL,
    settlements bigint[]    NOT NULL,
    sums        jsonb       NOT NULL,
    PRIMARY KEY (institution, closing_id),
    UNIQUE (institution, account, closed_on, shift_no)
);

CREATE TRIGGER desk_sent_append_only BEFORE UPDATE OR DELETE ON desk_sent
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER desk_closing_append_only BEFORE UPDATE OR DELETE ON desk_closing
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
