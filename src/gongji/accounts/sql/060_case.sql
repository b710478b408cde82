-- Cases of an account (转出、转入、支取、恢复): an application and the steps that were taken on it, both facts.
--
-- The state of a case is that of its last step; which step may follow which is data of the program (accounts/cases.py). A step's
-- account_state is what the account became by it, '' when it stayed as it was. sealed holds personal data (heirs, bank accounts,
-- agents); content only what may be read. counterpart and reference are the other agency and its own number of a transfer.
CREATE TABLE accounts_case (
    psn_no        text        NOT NULL,
    case_id       bigint      NOT NULL,
    kind          text        NOT NULL CHECK (kind IN ('transfer_out', 'transfer_in', 'death', 'leaving', 'reopening')),
    region        text        NOT NULL,
    event_on      date        NOT NULL,
    counterpart   text        NOT NULL,
    reference     text        NOT NULL,
    due_on        date,
    content       jsonb       NOT NULL,
    sealed        bytea,
    clause        text        NOT NULL,
    policy_digest bytea       NOT NULL,
    opened_by     text        NOT NULL,
    opened_at     timestamptz NOT NULL,
    PRIMARY KEY (psn_no, case_id)
);

-- Money that another agency sends under its number is credited once.
CREATE UNIQUE INDEX accounts_case_transfer_in ON accounts_case (psn_no, counterpart, reference) WHERE kind = 'transfer_in';
CREATE INDEX accounts_case_reference ON accounts_case (counterpart, reference) WHERE kind = 'transfer_in';

CREATE TABLE accounts_case_step (
    psn_no        text        NOT NULL,
    case_id       bigint      NOT NULL,
    step_no       smallint    NOT NULL CHECK (step_no >= 1),
    action        text        NOT NULL,
    state         text        NOT NULL,
    account_state text        NOT NULL CHECK (account_state IN ('', 'open', 'frozen', 'closed')),
    content       jsonb       NOT NULL,
    sealed        bytea,
    note          text        NOT NULL,
    actor         text        NOT NULL,
    at            timestamptz NOT NULL,
    PRIMARY KEY (psn_no, case_id, step_no)
);

CREATE TRIGGER accounts_case_append_only BEFORE UPDATE OR DELETE ON accounts_case
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER accounts_case_step_append_only BEFORE UPDATE OR DELETE ON accounts_case_step
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON accounts_case, accounts_case_step FROM PUBLIC;

CREATE VIEW accounts_v_case AS
SELECT c.psn_no, c.case_id, c.kind, c.region, c.event_on, c.counterpart, c.reference, c.due_on, c.opened_by, c.opened_at,
       s.step_no, s.action, s.state, s.actor, s.at
FROM accounts_case c
JOIN LATERAL (
    SELECT * FROM accounts_case_step s
    WHERE s.psn_no = c.psn_no AND s.case_id = c.case_id ORDER BY s.step_no DESC LIMIT 1) s ON true;
