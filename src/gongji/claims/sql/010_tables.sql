-- Manual claims (零星报销): the application as it was received, and every step that was taken with it. Both are facts.
-- What is personal beyond the person number (telephone, agent, bank account) is sealed; content holds the rest as JSON.

CREATE TABLE claims_claim (
    psn_no      text        NOT NULL,
    claim_id    bigint      NOT NULL,
    region      text        NOT NULL,
    received_on date        NOT NULL,
    received_at timestamptz NOT NULL,
    received_by text        NOT NULL,
    total_fen   bigint      NOT NULL CHECK (total_fen >= 0),
    content     jsonb       NOT NULL,
    sealed      bytea       NOT NULL,
    PRIMARY KEY (psn_no, claim_id)
);
CREATE INDEX claims_claim_number ON claims_claim (claim_id);

-- Step 1 is the receipt. Who takes step n + 1 has seen step n: of two at once the primary key lets one win.
-- fund_fen and paid_fen are what the step changes of the fund's part settled and of the money paid out.
CREATE TABLE claims_step (
    psn_no   text        NOT NULL,
    claim_id bigint      NOT NULL,
    step_no  smallint    NOT NULL CHECK (step_no >= 1),
    action   text        NOT NULL,
    state    text        NOT NULL,
    actor    text        NOT NULL,
    at       timestamptz NOT NULL,
    fund_fen bigint      NOT NULL DEFAULT 0,
    paid_fen bigint      NOT NULL DEFAULT 0,
    content  jsonb       NOT NULL,
    sealed   bytea,
    PRIMARY KEY (psn_no, claim_id, step_no)
);

-- The last day of the term (社会保险经办条例 第二十条). Its own fact, because a year's holidays may be published after the receipt.
CREATE TABLE claims_due (
    psn_no   text        NOT NULL,
    claim_id bigint      NOT NULL,
    due_on   date        NOT NULL,
    set_at   timestamptz NOT NULL,
    PRIMARY KEY (psn_no, claim_id)
);
CREATE INDEX claims_due_day ON claims_due (due_on);

CREATE TRIGGER claims_claim_append_only BEFORE UPDATE OR DELETE ON claims_claim
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER claims_step_append_only BEFORE UPDATE OR DELETE ON claims_step
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER claims_due_append_only BEFORE UPDATE OR DELETE ON claims_due
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON claims_claim, claims_step, claims_due FROM PUBLIC;

-- Which claim holds an invoice now: derived, given back when the claim is withdrawn or refused. Its key is the invoice, not
-- the person, because it is to stop two persons as well as one; on a distributed database it is a reference table.
CREATE TABLE claims_invoice (
    institution text   NOT NULL,
    invoice_no  text   NOT NULL,
    holder      text   NOT NULL,
    claim_id    bigint NOT NULL,
    PRIMARY KEY (institution, invoice_no)
);
CREATE INDEX claims_invoice_claim ON claims_invoice (claim_id);
CREATE INDEX claims_invoice_number ON claims_invoice (invoice_no);
