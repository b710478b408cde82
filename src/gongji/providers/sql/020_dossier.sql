-- Agreements of institutions (医保协议) and reported changes: the application as it was received, and every step taken with it.
-- Both are facts. What is personal (representative, bank account) is sealed; by representative_index a person is found who has cost
-- another institution its agreement. providers_state is derived from these tables (providers.spells) and compared by `gongji verify`.
CREATE TABLE providers_dossier (
    code                 text   NOT NULL,
    dossier_id           bigint NOT NULL,
    layer                text   NOT NULL CHECK (layer IN ('base', 'pooled', 'internet', 'change')),
    kind                 text   NOT NULL,
    region               text   NOT NULL,
    uscc                 text   NOT NULL,
    host                 text   NOT NULL DEFAULT '',
    received_on          date   NOT NULL,
    content              jsonb  NOT NULL,
    sealed               bytea,
    representative_index bytea,
    PRIMARY KEY (code, dossier_id)
);
CREATE UNIQUE INDEX providers_dossier_number ON providers_dossier (dossier_id);
CREATE INDEX providers_dossier_uscc ON providers_dossier (uscc) WHERE uscc <> '';
CREATE INDEX providers_dossier_host ON providers_dossier (host) WHERE host <> '';
CREATE INDEX providers_dossier_representative ON providers_dossier (representative_index) WHERE representative_index IS NOT NULL;

-- Who takes step n + 1 has seen step n: of two at once the primary key lets one win.
CREATE TABLE providers_step (
    code       text        NOT NULL,
    dossier_id bigint      NOT NULL,
    step_no    smallint    NOT NULL CHECK (step_no >= 1),
    action     text        NOT NULL,
    state      text        NOT NULL,
    actor      text        NOT NULL,
    at         timestamptz NOT NULL,
    content    jsonb       NOT NULL,
    sealed     bytea,
    PRIMARY KEY (code, dossier_id, step_no)
);

CREATE TRIGGER providers_dossier_append_only BEFORE UPDATE OR DELETE ON providers_dossier
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER providers_step_append_only BEFORE UPDATE OR DELETE ON providers_step
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON providers_dossier, providers_step FROM PUBLIC;

-- A dossier with where it stands.
CREATE VIEW providers_v_dossier AS
SELECT d.code, d.dossier_id, d.layer, d.kind, d.region, d.uscc, d.host, d.received_on,
       last.step_no, last.action, last.state, last.actor, last.at AS changed_at
FROM providers_dossier d
CROSS JOIN LATERAL (
    SELECT s.step_no, s.action, s.state, s.actor, s.at FROM providers_step s
    WHERE s.code = d.code AND s.dossier_id = d.dossier_id ORDER BY s.step_no DESC LIMIT 1
) AS last;

-- Take institutions over into this history whose rows another system brought along: an agreement for designation, and one for
-- the pool where the rows have it. Numbers are counted from p_first_id (NULL:
-- after the small ones, which no clock gives out); of one institution only when p_code names it. Returns how many dossiers came new.
CREATE FUNCTION providers_adopt(p_first_id bigint, p_at timestamptz, p_actor text, p_code text DEFAULT NULL) RETURNS bigint
LANGUAGE sql AS $$
    WITH first AS (
        SELECT coalesce(p_first_id, (SELECT coalesce(max(dossier_id), 0) + 1 FROM providers_dossier
                                     WHERE dossier_id < 1000000000000)) AS first_id
    ), brought AS (
        SELECT i.code, i.kind, i.region, i.uscc, min(s.from_on) AS from_on,
               jsonb_agg(to_jsonb(s) - 'code' - 'state_no' ORDER BY s.from_on, s.state_no) AS rows,
               bool_or(s.pooled_agreement AND s.designated) AS pooled
        FROM providers_institution i JOIN providers_state s ON s.code = i.code
        WHERE (p_code IS NULL OR i.code = p_code)
          AND NOT EXISTS (SELECT FROM providers_dossier d WHERE d.code = i.code AND d.layer <> 'change')
        GROUP BY i.code, i.kind, i.region, i.uscc
    ), numbered AS (
        SELECT b.*, l.layer, f.first_id + row_number() OVER (ORDER BY b.code, l.layer) - 1 AS dossier_id
        FROM brought b CROSS JOIN first f CROSS JOIN (VALUES ('base'), ('pooled')) AS l (layer) WHERE l.layer = 'base' OR b.pooled
    ), headed AS (
        INSERT INTO providers_dossier (code, dossier_id, layer, kind, region, uscc, received_on, content)
        SELECT code, dossier_id, layer, kind, region, uscc, from_on, jsonb_build_object('rows', rows) FROM numbered
        RETURNING code, dossier_id
    ), stepped AS (
        INSERT INTO providers_step (code, dossier_id, step_no, action, state, actor, at, content)
        SELECT code, dossier_id, 1, 'adopt', 'active', p_actor, p_at, '{}' FROM headed
        RETURNING 1
    )
    SELECT count(*) FROM stepped;
$$;
