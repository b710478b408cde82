-- What was handed in with a claim as photographs or PDF (影像材料): the bytes are sealed, their digest (SM3 of what was sealed) is not.
CREATE TABLE claims_file (
    psn_no   text        NOT NULL,
    claim_id bigint      NOT NULL,
    file_no  smallint    NOT NULL CHECK (file_no >= 1),
    document text        NOT NULL,
    media    text        NOT NULL CHECK (media IN ('image/jpeg', 'application/pdf')),
    size     integer     NOT NULL CHECK (size > 0),
    digest   bytea       NOT NULL,
    sealed   bytea       NOT NULL,
    actor    text        NOT NULL,
    at       timestamptz NOT NULL,
    PRIMARY KEY (psn_no, claim_id, file_no)
);
CREATE TRIGGER claims_file_append_only BEFORE UPDATE OR DELETE ON claims_file
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON claims_file FROM PUBLIC;

-- Files of an application that is still being written; they become facts when it is sent, and are forgotten when it never is.
CREATE TABLE claims_draft_file (
    psn_no   text        NOT NULL,
    claim_id bigint      NOT NULL,
    file_no  smallint    NOT NULL CHECK (file_no >= 1),
    document text        NOT NULL,
    media    text        NOT NULL,
    size     integer     NOT NULL,
    digest   bytea       NOT NULL,
    sealed   bytea       NOT NULL,
    at       timestamptz NOT NULL,
    PRIMARY KEY (psn_no, claim_id, file_no)
);
CREATE INDEX claims_draft_file_age ON claims_draft_file (at);
