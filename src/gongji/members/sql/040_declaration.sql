-- Applications (待遇申报, 备案, 绑定) and what was decided about them. Both are facts; of several decisions at once the first one
-- stands, because a declaration has one row of them. sealed holds contact data (telephone, address, agent).

CREATE TABLE members_declaration (
    psn_no         text        NOT NULL,
    declaration_id bigint      NOT NULL,
    kind           text        NOT NULL CHECK (kind IN ('transfer', 'chronic', 'fixed', 'family', 'offsite')),
    content        jsonb       NOT NULL,
    sealed         bytea,
    submitted_by   text        NOT NULL,
    submitted_at   timestamptz NOT NULL,
    PRIMARY KEY (psn_no, declaration_id)
);

CREATE TABLE members_decision (
    psn_no         text        NOT NULL,
    declaration_id bigint      NOT NULL,
    state          text        NOT NULL CHECK (state IN ('approved', 'refused', 'cancelled')),
    decided_by     text        NOT NULL,
    decided_at     timestamptz NOT NULL,
    reason         text        NOT NULL,
    PRIMARY KEY (psn_no, declaration_id)
);

CREATE TRIGGER members_declaration_append_only BEFORE UPDATE OR DELETE ON members_declaration
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER members_decision_append_only BEFORE UPDATE OR DELETE ON members_decision
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON members_declaration, members_decision FROM PUBLIC;

CREATE VIEW members_v_declaration AS
SELECT d.*, coalesce(x.state, 'submitted') AS state, x.decided_by, x.decided_at, x.reason
FROM members_declaration d
LEFT JOIN members_decision x ON x.psn_no = d.psn_no AND x.declaration_id = d.declaration_id;

-- Who looked at whose personal data, when and for what (fields: what was shown in clear).
CREATE TABLE members_access (
    psn_no      text        NOT NULL,
    access_id   bigint      NOT NULL,
    accessed_at timestamptz NOT NULL,
    actor       text        NOT NULL,
    purpose     text        NOT NULL,
    fields      text        NOT NULL,
    PRIMARY KEY (psn_no, access_id)
);

-- for the auditor, who asks by days: it costs the writers next to nothing
CREATE INDEX members_access_at ON members_access USING brin (accessed_at);

CREATE TRIGGER members_access_append_only BEFORE UPDATE OR DELETE ON members_access
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON members_access FROM PUBLIC;
