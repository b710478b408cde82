-- Libraries of law (政策库) by digest: canonical text whose SM3 is the digest. Facts: what a settlement was computed by.
CREATE TABLE lawbook_version (
    digest      text        PRIMARY KEY CHECK (digest ~ '^[0-9a-f]{64}$'),
    library     bytea       NOT NULL,
    source      text        NOT NULL,
    recorded_at timestamptz NOT NULL
);

CREATE TRIGGER lawbook_version_append_only BEFORE UPDATE OR DELETE ON lawbook_version
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON lawbook_version FROM PUBLIC;
