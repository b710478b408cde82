-- History of the register: every change of one of its rows is one line that is never changed again. part is the table without
-- its prefix; content is the whole row after the change without its key, NULL when it was withdrawn because it had never been
-- true. What is sealed in the row is sealed here.

CREATE TABLE providers_change (
    code        text        NOT NULL,
    part        text        NOT NULL CHECK (part IN
        ('staff', 'suspension', 'department', 'place', 'offer', 'credential', 'channel', 'certificate')),
    spell_no    bigint      NOT NULL,
    revision    integer     NOT NULL CHECK (revision >= 1),
    content     jsonb,
    recorded_at timestamptz NOT NULL,
    actor       text        NOT NULL,
    reason      text        NOT NULL,
    CONSTRAINT providers_change_revision PRIMARY KEY (code, part, spell_no, revision)
);

CREATE TRIGGER providers_change_append_only BEFORE UPDATE OR DELETE ON providers_change
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON providers_change FROM PUBLIC;

-- Record changes of one institution and bring the tables up to date with them, in the caller's transaction. p_revision is the
-- revision that the caller read (0: new row); another one meanwhile violates providers_change_revision (23505).
CREATE FUNCTION providers_register_write(
    p_code        text,
    p_part        text[],
    p_spell_no    bigint[],
    p_revision    integer[],
    p_content     text[],
    p_recorded_at timestamptz,
    p_actor       text,
    p_reason      text
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    i integer;
    new_row jsonb;
BEGIN
    FOR i IN 1 .. cardinality(p_part) LOOP
        EXECUTE format('DELETE FROM providers_%I WHERE code = $1 AND spell_no = $2', p_part[i]) USING p_code, p_spell_no[i];
        new_row := NULL;
        IF p_content[i] IS NOT NULL THEN
            EXECUTE format(
                'INSERT INTO providers_%1$I AS t SELECT * FROM jsonb_populate_record(NULL::providers_%1$I, $1) RETURNING to_jsonb(t)',
                p_part[i]) INTO new_row
                USING p_content[i]::jsonb || jsonb_build_object('code', p_code, 'spell_no', p_spell_no[i]);
        END IF;
        INSERT INTO providers_change (code, part, spell_no, revision, content, recorded_at, actor, reason)
        VALUES (p_code, p_part[i], p_spell_no[i], p_revision[i] + 1, new_row - 'code' - 'spell_no',
                p_recorded_at, p_actor, p_reason);
    END LOOP;
END;
$$;

-- Take rows of the tables over into the history that have none yet: data that another system brings along. Returns how many.
CREATE FUNCTION providers_register_adopt(p_recorded_at timestamptz, p_actor text, p_reason text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    part_name text;
    added bigint;
    total bigint := 0;
BEGIN
    FOREACH part_name IN ARRAY ARRAY['staff', 'suspension', 'department', 'place', 'offer', 'credential', 'channel', 'certificate'] LOOP
        EXECUTE format(
            'INSERT INTO providers_change (code, part, spell_no, revision, content, recorded_at, actor, reason) '
            'SELECT t.code, %1$L, t.spell_no, 1, to_jsonb(t) - ''code'' - ''spell_no'', $1, $2, $3 FROM providers_%1$I t '
            'WHERE NOT EXISTS (SELECT FROM providers_change c WHERE c.code = t.code AND c.part = %1$L AND c.spell_no = t.spell_no)',
            part_name) USING p_recorded_at, p_actor, p_reason;
        GET DIAGNOSTICS added = ROW_COUNT;
        total := total + added;
    END LOOP;
    RETURN total;
END;
$$;

-- Rows of the tables that no change accounts for, or that are not what the last change left: none may exist.
CREATE VIEW providers_v_register_difference AS
WITH last_change AS (
    SELECT DISTINCT ON (code, part, spell_no) code, part, spell_no, content
    FROM providers_change ORDER BY code, part, spell_no, revision DESC
), folded AS (
    SELECT * FROM last_change WHERE content IS NOT NULL
), stored AS (
    SELECT code, 'staff' AS part, spell_no, to_jsonb(t) - 'code' - 'spell_no' AS content FROM providers_staff t
    UNION ALL SELECT code, 'suspension', spell_no, to_jsonb(t) - 'code' - 'spell_no' FROM providers_suspension t
    UNION ALL SELECT code, 'department', spell_no, to_jsonb(t) - 'code' - 'spell_no' FROM providers_department t
    UNION ALL SELECT code, 'place', spell_no, to_jsonb(t) - 'code' - 'spell_no' FROM providers_place t
    UNION ALL SELECT code, 'offer', spell_no, to_jsonb(t) - 'code' - 'spell_no' FROM providers_offer t
    UNION ALL SELECT code, 'credential', spell_no, to_jsonb(t) - 'code' - 'spell_no' FROM providers_credential t
    UNION ALL SELECT code, 'channel', spell_no, to_jsonb(t) - 'code' - 'spell_no' FROM providers_channel t
    UNION ALL SELECT code, 'certificate', spell_no, to_jsonb(t) - 'code' - 'spell_no' FROM providers_certificate t
)
SELECT coalesce(s.code, f.code) AS code, coalesce(s.part, f.part) AS part, coalesce(s.spell_no, f.spell_no) AS spell_no,
       CASE WHEN s.content IS NULL THEN 'missing' WHEN f.content IS NULL THEN 'unaccounted' ELSE 'different' END AS difference
FROM stored s FULL JOIN folded f ON (f.code, f.part, f.spell_no) = (s.code, s.part, s.spell_no)
WHERE s.content IS DISTINCT FROM f.content;
