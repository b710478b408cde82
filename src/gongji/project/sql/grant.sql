-- Rights of the application's role, given again after every migration; nothing happens on a server without that role.
DO $$
DECLARE
    relation record;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'gongji_app') THEN
        RETURN;
    END IF;
    FOR relation IN
        SELECT c.oid, c.oid::regclass AS name, c.relkind,
               EXISTS (SELECT FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
                       WHERE t.tgrelid = c.oid AND p.proname = 'refuse_change') AS is_fact
        FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'S')
    LOOP
        IF relation.relkind = 'S' THEN
            EXECUTE format('GRANT USAGE, SELECT ON SEQUENCE %s TO gongji_app', relation.name);
        ELSIF relation.relkind = 'v' THEN
            EXECUTE format('GRANT SELECT ON %s TO gongji_app', relation.name);
        ELSIF relation.is_fact THEN
            EXECUTE format('REVOKE ALL ON %s FROM gongji_app', relation.name);
            EXECUTE format('GRANT SELECT, INSERT ON %s TO gongji_app', relation.name);
        ELSE
            EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO gongji_app', relation.name);
        END IF;
    END LOOP;
END;
$$;
