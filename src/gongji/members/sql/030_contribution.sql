-- Contribution months (缴费月): what was declared and received for a month of a person by one employer. Facts: a correction or
-- a payment is a new revision, the latest one counts. Amounts are fen; month is the first day of the month.

CREATE TABLE members_contribution (
    psn_no       text        NOT NULL,
    month        date        NOT NULL CHECK (extract(day FROM month) = 1),
    employer     text        NOT NULL,
    revision     integer     NOT NULL CHECK (revision >= 1),
    base_fen     bigint      NOT NULL CHECK (base_fen >= 0),
    personal_fen bigint      NOT NULL CHECK (personal_fen >= 0),
    employer_fen bigint      NOT NULL CHECK (employer_fen >= 0),
    due_on       date        NOT NULL,
    paid_on      date,
    kind         text        NOT NULL CHECK (kind IN ('normal', 'back_payment', 'correction')),
    import_id    bigint,
    line_no      integer,
    recorded_at  timestamptz NOT NULL,
    actor        text        NOT NULL,
    PRIMARY KEY (psn_no, month, employer, revision)
);

-- Settlements ask only for the months that may be in arrears: unpaid, or paid after they were due.
CREATE INDEX members_contribution_late ON members_contribution (psn_no) WHERE paid_on IS NULL OR paid_on > due_on;
-- The crediting run asks for one month, and for what was recorded since its last run.
CREATE INDEX members_contribution_month ON members_contribution (month, psn_no);

CREATE TRIGGER members_contribution_append_only BEFORE UPDATE OR DELETE ON members_contribution
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON members_contribution FROM PUBLIC;

CREATE VIEW members_v_contribution AS
SELECT c.* FROM members_contribution c
WHERE NOT EXISTS (
    SELECT FROM members_contribution later
    WHERE later.psn_no = c.psn_no AND later.month = c.month AND later.employer = c.employer AND later.revision > c.revision);

-- One file that an employer's contributions came with; refused files are kept too, with their errors.
CREATE TABLE members_import (
    import_id   bigint      PRIMARY KEY,
    file_name   text        NOT NULL,
    file_digest bytea       NOT NULL,
    employer    text        NOT NULL,
    month       date        NOT NULL,
    mode        text        NOT NULL CHECK (mode IN ('all_or_nothing', 'keep_good')),
    state       text        NOT NULL CHECK (state IN ('taken', 'refused')),
    row_count   integer     NOT NULL,
    added       integer     NOT NULL,
    unchanged   integer     NOT NULL,
    rejected    integer     NOT NULL,
    recorded_at timestamptz NOT NULL,
    actor       text        NOT NULL
);

CREATE TABLE members_import_error (
    import_id bigint  NOT NULL,
    line_no   integer NOT NULL,
    error_no  integer NOT NULL,
    code      text    NOT NULL,
    detail    text    NOT NULL,
    PRIMARY KEY (import_id, line_no, error_no)
);

CREATE TRIGGER members_import_append_only BEFORE UPDATE OR DELETE ON members_import
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER members_import_error_append_only BEFORE UPDATE OR DELETE ON members_import_error
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON members_import, members_import_error FROM PUBLIC;
