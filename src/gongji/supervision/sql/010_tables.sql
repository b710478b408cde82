-- Complaints and reports (投诉举报): what was said, and every step taken with it. Both are facts.
-- psn_no is empty for somebody who does not say who he is; such a report is found again by a code, of which only a keyed digest is
-- here. The words of all parties may name people and illnesses and are sealed. The number leads the keys, because a report may
-- have no person: on a distributed database these tables are reference tables.
CREATE TABLE supervision_complaint (
    complaint_id bigint      PRIMARY KEY,
    kind         text        NOT NULL CHECK (kind IN ('complaint', 'report')),
    topic        text        NOT NULL,
    region       text        NOT NULL,
    psn_no       text        NOT NULL DEFAULT '',
    institution  text        NOT NULL DEFAULT '',
    happened_on  date,
    submitted_at timestamptz NOT NULL,
    code_index   bytea,
    sealed       bytea       NOT NULL,
    CHECK ((psn_no = '') = (code_index IS NOT NULL)),
    CHECK (psn_no <> '' OR kind = 'report')
);
CREATE INDEX supervision_complaint_person ON supervision_complaint (psn_no, complaint_id) WHERE psn_no <> '';
CREATE UNIQUE INDEX supervision_complaint_code ON supervision_complaint (code_index) WHERE code_index IS NOT NULL;

-- Step 1 is the receipt. Who takes step n + 1 has seen step n: of two at once the primary key lets one win.
CREATE TABLE supervision_step (
    complaint_id bigint      NOT NULL REFERENCES supervision_complaint,
    step_no      smallint    NOT NULL CHECK (step_no >= 1),
    action       text        NOT NULL,
    state        text        NOT NULL,
    actor        text        NOT NULL,
    at           timestamptz NOT NULL,
    sealed       bytea,
    PRIMARY KEY (complaint_id, step_no)
);

-- How much is sent without a name, by a keyed digest of hour and address. No fact: rows of past hours are deleted.
CREATE TABLE supervision_sender (
    hour   timestamptz NOT NULL,
    source bytea       NOT NULL,
    number integer     NOT NULL,
    PRIMARY KEY (hour, source)
);

CREATE TRIGGER supervision_complaint_append_only BEFORE UPDATE OR DELETE ON supervision_complaint
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER supervision_step_append_only BEFORE UPDATE OR DELETE ON supervision_step
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON supervision_complaint, supervision_step FROM PUBLIC;

-- A complaint with where it stands.
CREATE VIEW supervision_v_complaint AS
SELECT c.complaint_id, c.kind, c.topic, c.region, c.psn_no, c.institution, c.happened_on, c.submitted_at,
       last.step_no, last.action, last.state, last.actor, last.at AS changed_at
FROM supervision_complaint c
CROSS JOIN LATERAL (
    SELECT s.step_no, s.action, s.state, s.actor, s.at FROM supervision_step s
    WHERE s.complaint_id = c.complaint_id ORDER BY s.step_no DESC LIMIT 1
) AS last;
