-- Where an import gathers a file before anything is kept: its well-formed rows, what is to be recorded of them, and the faults
-- found. They live in the caller's transaction; a second import in one transaction begins with empty ones.
DROP TABLE IF EXISTS pg_temp.import_row, pg_temp.import_take, pg_temp.import_fault;
CREATE TEMPORARY TABLE import_row (
    line_no      integer PRIMARY KEY,
    cert_index   bytea   NOT NULL,
    name         text    NOT NULL,
    month        date    NOT NULL,
    base_fen     bigint  NOT NULL,
    personal_fen bigint  NOT NULL,
    employer_fen bigint  NOT NULL,
    due_on       date    NOT NULL,
    paid_on      date,
    kind         text    NOT NULL
) ON COMMIT DROP;
CREATE TEMPORARY TABLE import_take (
    line_no  integer NOT NULL,
    psn_no   text    NOT NULL,
    revision integer NOT NULL
) ON COMMIT DROP;
CREATE TEMPORARY TABLE import_fault (
    line_no  integer NOT NULL,
    error_no integer NOT NULL,
    code     text    NOT NULL,
    detail   text    NOT NULL
) ON COMMIT DROP
