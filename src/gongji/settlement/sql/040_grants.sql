-- The application's role. What it may do is granted after every migration (project/sql/grant.sql): read and insert facts, never
-- change or delete one. Who migrates may lack the right to create roles; then an administrator creates it, or it is not used.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'gongji_app') THEN
        CREATE ROLE gongji_app NOLOGIN;
    END IF;
EXCEPTION
    WHEN insufficient_privilege OR duplicate_object OR unique_violation THEN
        RAISE NOTICE 'role gongji_app: %', SQLERRM;
END;
$$;
