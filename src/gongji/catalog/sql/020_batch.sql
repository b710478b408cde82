-- Changes of the catalogue as people make them: a batch is a file's rows for one part of the catalogue from one day on, with its
-- differences to what holds then, and what was decided about it. All of it is facts; the tables of spells are changed only by an
-- approval, and carry the version that the decision names.
CREATE TABLE catalog_batch (
    batch_id     bigint      PRIMARY KEY,
    part         text        NOT NULL CHECK (part IN ('drugs', 'herbs', 'services', 'consumables', 'prices', 'ceilings')),
    effective_on date        NOT NULL,
    whole        boolean     NOT NULL,
    file_name    text        NOT NULL,
    form         text        NOT NULL,
    digest       bytea       NOT NULL,
    reason       text        NOT NULL,
    row_count    integer     NOT NULL CHECK (row_count > 0),
    proposed_at  timestamptz NOT NULL,
    proposed_by  text        NOT NULL
);
CREATE INDEX catalog_batch_digest ON catalog_batch (digest);

CREATE TABLE catalog_batch_row (
    batch_id bigint  NOT NULL,
    line_no  integer NOT NULL,
    content  jsonb   NOT NULL,
    PRIMARY KEY (batch_id, line_no)
);

-- Differences of a batch; a batch is compared anew when the catalogue has moved on before it was decided.
CREATE TABLE catalog_batch_diff (
    batch_id    bigint      NOT NULL,
    diff_no     integer     NOT NULL CHECK (diff_no > 0),
    base        bigint      NOT NULL,
    added       integer     NOT NULL,
    changed     integer     NOT NULL,
    ended       integer     NOT NULL,
    unchanged   integer     NOT NULL,
    compared_at timestamptz NOT NULL,
    compared_by text        NOT NULL,
    PRIMARY KEY (batch_id, diff_no)
);

CREATE TABLE catalog_batch_change (
    batch_id  bigint  NOT NULL,
    diff_no   integer NOT NULL,
    code      text    NOT NULL,
    region    text    NOT NULL,
    fee_class text    NOT NULL,
    verb      text    NOT NULL CHECK (verb IN ('added', 'changed', 'ended')),
    before    jsonb,
    after     jsonb,
    PRIMARY KEY (batch_id, diff_no, code, region, fee_class),
    CHECK ((before IS NULL) = (verb = 'added') AND (after IS NULL) = (verb = 'ended'))
);

-- One decision a batch: of two that are made at once the second violates the key.
CREATE TABLE catalog_batch_decision (
    batch_id   bigint      PRIMARY KEY,
    verb       text        NOT NULL CHECK (verb IN ('approved', 'refused', 'superseded')),
    diff_no    integer     NOT NULL,
    version    bigint,
    note       text        NOT NULL,
    decided_at timestamptz NOT NULL,
    decided_by text        NOT NULL,
    CHECK ((verb = 'approved') = (version IS NOT NULL))
);

CREATE TRIGGER catalog_batch_append_only BEFORE UPDATE OR DELETE ON catalog_batch
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER catalog_batch_row_append_only BEFORE UPDATE OR DELETE ON catalog_batch_row
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER catalog_batch_diff_append_only BEFORE UPDATE OR DELETE ON catalog_batch_diff
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER catalog_batch_change_append_only BEFORE UPDATE OR DELETE ON catalog_batch_change
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER catalog_batch_decision_append_only BEFORE UPDATE OR DELETE ON catalog_batch_decision
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON catalog_batch, catalog_batch_row, catalog_batch_diff, catalog_batch_change, catalog_batch_decision
    FROM PUBLIC;
