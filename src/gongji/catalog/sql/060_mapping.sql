-- Mappings of institutions' own items to national codes (目录对照). An entry is what an institution said (3301, 3302) and is never
-- changed; catalog_mapping is derived from the entries of one local item (mapping_rules.fold): which code holds on which days.
CREATE TABLE catalog_mapping_entry (
    institution text        NOT NULL,
    list_type   text        NOT NULL,
    local_item  text        NOT NULL,
    entry_no    integer     NOT NULL CHECK (entry_no > 0),
    entry_id    bigint      NOT NULL,
    verb        text        NOT NULL CHECK (verb IN ('map', 'withdraw')),
    code        text        NOT NULL,
    from_on     date,
    until_on    date        CHECK (until_on >= from_on),
    local_name  text        NOT NULL DEFAULT '',
    approval_no text        NOT NULL DEFAULT '',
    dosform     text        NOT NULL DEFAULT '',
    excluded    text        NOT NULL DEFAULT '',
    content     text        NOT NULL DEFAULT '',
    unit        text        NOT NULL DEFAULT '',
    spec        text        NOT NULL DEFAULT '',
    pack_spec   text        NOT NULL DEFAULT '',
    memo        text        NOT NULL DEFAULT '',
    actor       text        NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (institution, list_type, local_item, entry_no),
    CHECK ((verb = 'map') = (from_on IS NOT NULL))
);

CREATE TRIGGER catalog_mapping_entry_append_only BEFORE UPDATE OR DELETE ON catalog_mapping_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON catalog_mapping_entry FROM PUBLIC;

CREATE TABLE catalog_mapping (
    institution text        NOT NULL,
    list_type   text        NOT NULL,
    local_item  text        NOT NULL,
    spell_no    integer     NOT NULL,
    entry_no    integer     NOT NULL,
    code        text        NOT NULL,
    from_on     date        NOT NULL,
    until_on    date,
    valid       boolean     NOT NULL,
    changed_at  timestamptz NOT NULL,
    PRIMARY KEY (institution, list_type, local_item, spell_no)
);
CREATE INDEX catalog_mapping_by_code ON catalog_mapping (institution, code);
