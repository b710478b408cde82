-- The prescription centre (电子处方中心): the sheet as it was checked, and everything that happened to it. Both are facts.
-- content is prescriptions.values.Prescription; what is personal beyond the person number is sealed.
CREATE TABLE prescriptions_prescription (
    psn_no      text        NOT NULL,
    rx_id       bigint      NOT NULL,
    issuer      text        NOT NULL,
    hosp_rx_no  text        NOT NULL,
    visit_id    bigint      NOT NULL,
    group_id    bigint      NOT NULL,
    issued_at   timestamptz NOT NULL,
    content     jsonb       NOT NULL,
    sealed      bytea       NOT NULL,
    PRIMARY KEY (psn_no, rx_id)
);
CREATE INDEX prescriptions_prescription_number ON prescriptions_prescription (rx_id);
CREATE INDEX prescriptions_prescription_visit ON prescriptions_prescription (psn_no, visit_id);
CREATE INDEX prescriptions_prescription_issuer ON prescriptions_prescription (issuer, hosp_rx_no);

-- Who takes step n + 1 has seen step n: of two at once the version of prescriptions_current lets one win, and this key is the guard.
-- Its rows are also the record of who did what: written in the transaction of the change, never apart from it.
CREATE TABLE prescriptions_event (
    psn_no      text        NOT NULL,
    rx_id       bigint      NOT NULL,
    event_no    integer     NOT NULL CHECK (event_no >= 1),
    verb        text        NOT NULL,
    state       text        NOT NULL,
    at          timestamptz NOT NULL,
    actor       text        NOT NULL,
    institution text        NOT NULL,
    reason      text        NOT NULL,
    detail      jsonb       NOT NULL,
    sealed      bytea,
    PRIMARY KEY (psn_no, rx_id, event_no)
);

-- What the hospital signed (7102): the information and the file, both sealed; the event of that number holds digests and signatures.
CREATE TABLE prescriptions_document (
    psn_no   text        NOT NULL,
    rx_id    bigint      NOT NULL,
    event_no integer     NOT NULL,
    content  bytea       NOT NULL,
    document bytea       NOT NULL,
    made_at  timestamptz NOT NULL,
    PRIMARY KEY (psn_no, rx_id, event_no)
);

CREATE TRIGGER prescriptions_prescription_append_only BEFORE UPDATE OR DELETE ON prescriptions_prescription
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER prescriptions_event_append_only BEFORE UPDATE OR DELETE ON prescriptions_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER prescriptions_document_append_only BEFORE UPDATE OR DELETE ON prescriptions_document
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON prescriptions_prescription, prescriptions_event, prescriptions_document FROM PUBLIC;

-- Where a prescription stands: derived from its events, the lock of who changes it. previous: the version that this row followed.
-- due_at: when the clock changes something (a hold runs out, a prescription does).
CREATE TABLE prescriptions_current (
    psn_no     text        NOT NULL,
    rx_id      bigint      NOT NULL,
    previous   integer     NOT NULL,
    version    integer     NOT NULL,
    state      text        NOT NULL,
    issuer     text        NOT NULL,
    holder     text        NOT NULL,
    held_until timestamptz,
    fill       integer     NOT NULL,
    due_at     timestamptz,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (psn_no, rx_id)
);
CREATE INDEX prescriptions_current_due ON prescriptions_current (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX prescriptions_current_issuer ON prescriptions_current (issuer, rx_id);
CREATE INDEX prescriptions_current_holder ON prescriptions_current (holder, rx_id) WHERE holder <> '';

-- A hospital's own number names one prescription (7101: 单笔处方不可重复). Its key is the number, not the person, because it is to
-- stop two persons as well as one; on a distributed database it is a reference table.
CREATE TABLE prescriptions_number (
    issuer     text   NOT NULL,
    hosp_rx_no text   NOT NULL,
    psn_no     text   NOT NULL,
    rx_id      bigint NOT NULL,
    PRIMARY KEY (issuer, hosp_rx_no)
);

-- Codes and tokens that open a prescription for a moment: only keyed digests are kept. kind: code (the member's QR text), online
-- (an authorisation for one pharmacy), token (what a pharmacy was given for either). auth_id: tokens given out together.
CREATE TABLE prescriptions_grant (
    psn_no   text        NOT NULL,
    digest   bytea       NOT NULL,
    kind     text        NOT NULL,
    rx_id    bigint      NOT NULL,
    auth_id  bigint      NOT NULL,
    pharmacy text        NOT NULL,
    evidence text        NOT NULL,
    made_at  timestamptz NOT NULL,
    until_at timestamptz NOT NULL,
    used_at  timestamptz,
    used_by  text        NOT NULL DEFAULT '',
    PRIMARY KEY (psn_no, digest)
);
CREATE INDEX prescriptions_grant_digest ON prescriptions_grant (digest);
CREATE INDEX prescriptions_grant_auth ON prescriptions_grant (psn_no, auth_id);
