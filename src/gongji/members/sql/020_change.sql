-- History of the members room: every change of a spell (or of the person) is one line that is never changed again.
-- The tables of spells are what the lines add up to; what was known at an instant is the fold of the lines recorded until
-- then. part is the table without its prefix; content is the whole row after the change without its key, NULL when the spell was
-- withdrawn because it had never been true. Personal data inside content is sealed, as in the row itself.

CREATE TABLE members_change (
    psn_no      text        NOT NULL,
    change_id   bigint      NOT NULL,
    part        text        NOT NULL CHECK (part IN
        ('person', 'relation', 'nonbenefit', 'credential', 'family', 'filing', 'chronic', 'fixed', 'residence')),
    spell_no    bigint      NOT NULL,
    revision    integer     NOT NULL CHECK (revision >= 1),
    content     jsonb,
    recorded_at timestamptz NOT NULL,
    actor       text        NOT NULL,
    reason      text        NOT NULL,
    PRIMARY KEY (psn_no, change_id),
    CONSTRAINT members_change_revision UNIQUE (psn_no, part, spell_no, revision)
);

CREATE TRIGGER members_change_append_only BEFORE UPDATE OR DELETE ON members_change
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON members_change FROM PUBLIC;

-- Record changes of one person and bring the tables up to date with them, in the caller's transaction.
--
-- p_revision is the revision that the caller read (0: new spell); another one meanwhile violates members_change_revision
-- (23505) and nothing is written. Contents are rows as JSON without psn_no and spell_no; a credential is known by kind and number, its
-- spell_no is only the number of its line. bytea is written as '\x…'.
CREATE FUNCTION members_write(
    p_psn_no      text,
    p_change_id   bigint[],
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
    given jsonb;
    new_row jsonb;
    old_row jsonb;
BEGIN
    FOR i IN 1 .. cardinality(p_part) LOOP
        IF p_part[i] = 'credential' THEN  -- the row is keyed by kind and number, which a later content may not change
            SELECT c.content INTO old_row FROM members_change c
            WHERE c.psn_no = p_psn_no AND c.part = 'credential' AND c.spell_no = p_spell_no[i]
            ORDER BY c.revision DESC LIMIT 1;
            DELETE FROM members_credential
            WHERE psn_no = p_psn_no AND kind = old_row->>'kind' AND number = old_row->>'number';
        ELSIF p_part[i] <> 'person' THEN
            EXECUTE format('DELETE FROM members_%I WHERE psn_no = $1 AND spell_no = $2', p_part[i])
                USING p_psn_no, p_spell_no[i];
        END IF;
        new_row := NULL;
        given := p_content[i]::jsonb || jsonb_build_object('psn_no', p_psn_no);
        IF p_part[i] = 'person' AND p_revision[i] > 0 THEN  -- in place: who waits for the row's lock must find it again
            UPDATE members_person AS t
            SET (name, cert_type, cert_sealed, cert_index, phone_sealed, phone_index, gender, ethnicity, born_on, died_on) =
                (SELECT n.name, n.cert_type, n.cert_sealed, n.cert_index, n.phone_sealed, n.phone_index, n.gender, n.ethnicity,
                        n.born_on, n.died_on
                 FROM jsonb_populate_record(NULL::members_person, given) n)
            WHERE t.psn_no = p_psn_no RETURNING to_jsonb(t) INTO new_row;
        ELSIF p_content[i] IS NOT NULL THEN
            IF p_part[i] NOT IN ('person', 'credential') THEN
                given := given || jsonb_build_object('spell_no', p_spell_no[i]);
            END IF;
            EXECUTE format(
                'INSERT INTO members_%1$I AS t SELECT * FROM jsonb_populate_record(NULL::members_%1$I, $1) RETURNING to_jsonb(t)',
                p_part[i]) INTO new_row USING given;
        END IF;
        INSERT INTO members_change (psn_no, change_id, part, spell_no, revision, content, recorded_at, actor, reason)
        VALUES (p_psn_no, p_change_id[i], p_part[i], p_spell_no[i], p_revision[i] + 1, new_row - 'psn_no' - 'spell_no',
                p_recorded_at, p_actor, p_reason);
    END LOOP;
END;
$$;

-- Take rows of the tables over into the history that have none yet: data that another system brings along. Change ids
-- are counted from p_first_id. Returns how many lines of history came new.
CREATE FUNCTION members_adopt(p_first_id bigint, p_recorded_at timestamptz, p_actor text, p_reason text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    part_name text;
    spell text;
    added bigint;
    total bigint := 0;
BEGIN
    FOREACH part_name IN ARRAY ARRAY['person', 'relation', 'nonbenefit', 'credential', 'family', 'filing', 'chronic', 'fixed', 'residence'] LOOP
        spell := CASE part_name WHEN 'person' THEN '0'
                 WHEN 'credential' THEN 'row_number() OVER (PARTITION BY t.psn_no ORDER BY t.kind, t.number)' ELSE 't.spell_no' END;
        EXECUTE format(
            'INSERT INTO members_change (psn_no, change_id, part, spell_no, revision, content, recorded_at, actor, reason) '
            'SELECT psn_no, $1 + row_number() OVER (ORDER BY psn_no, spell) - 1, %1$L, spell, 1, content, $2, $3, $4 FROM ('
            '  SELECT t.psn_no, %2$s AS spell, to_jsonb(t) - ''psn_no'' - ''spell_no'' AS content FROM members_%1$I t'
            '  WHERE NOT EXISTS (SELECT FROM members_change c WHERE c.psn_no = t.psn_no AND c.part = %1$L)'
            ') AS adopted', part_name, spell) USING p_first_id + total, p_recorded_at, p_actor, p_reason;
        GET DIAGNOSTICS added = ROW_COUNT;
        total := total + added;
    END LOOP;
    RETURN total;
END;
$$;

-- Rows of the tables that no change accounts for, or that are not what the last change left: none may exist.
CREATE VIEW members_v_difference AS
WITH last_change AS (
    SELECT DISTINCT ON (psn_no, part, spell_no) psn_no, part, spell_no, content
    FROM members_change ORDER BY psn_no, part, spell_no, revision DESC
), folded AS (
    SELECT psn_no, part, CASE WHEN part = 'credential' THEN content->>'kind' || ' ' || (content->>'number')
                              ELSE spell_no::text END AS key, content
    FROM last_change WHERE content IS NOT NULL
), stored AS (
    SELECT psn_no, 'person' AS part, '0' AS key, to_jsonb(t) - 'psn_no' AS content FROM members_person t
    UNION ALL SELECT psn_no, 'relation', spell_no::text, to_jsonb(t) - 'psn_no' - 'spell_no' FROM members_relation t
    UNION ALL SELECT psn_no, 'nonbenefit', spell_no::text, to_jsonb(t) - 'psn_no' - 'spell_no' FROM members_nonbenefit t
    UNION ALL SELECT psn_no, 'family', spell_no::text, to_jsonb(t) - 'psn_no' - 'spell_no' FROM members_family t
    UNION ALL SELECT psn_no, 'filing', spell_no::text, to_jsonb(t) - 'psn_no' - 'spell_no' FROM members_filing t
    UNION ALL SELECT psn_no, 'chronic', spell_no::text, to_jsonb(t) - 'psn_no' - 'spell_no' FROM members_chronic t
    UNION ALL SELECT psn_no, 'fixed', spell_no::text, to_jsonb(t) - 'psn_no' - 'spell_no' FROM members_fixed t
    UNION ALL SELECT psn_no, 'residence', spell_no::text, to_jsonb(t) - 'psn_no' - 'spell_no' FROM members_residence t
    UNION ALL SELECT psn_no, 'credential', kind || ' ' || number, to_jsonb(t) - 'psn_no' FROM members_credential t
)
SELECT coalesce(s.psn_no, f.psn_no) AS psn_no, coalesce(s.part, f.part) AS part, coalesce(s.key, f.key) AS key,
       CASE WHEN s.content IS NULL THEN 'missing' WHEN f.content IS NULL THEN 'unaccounted' ELSE 'different' END AS difference
FROM stored s FULL JOIN folded f ON (f.psn_no, f.part, f.key) = (s.psn_no, s.part, s.key)
WHERE s.content IS DISTINCT FROM f.content;
