-- Version numbers of what is known about institutions, their staff and their keys; the book in memory reads again what has changed.
CREATE TABLE providers_version (
    the_row boolean PRIMARY KEY DEFAULT true CHECK (the_row),
    version bigint  NOT NULL,
    staff_version bigint NOT NULL,
    keys_version  bigint NOT NULL
);
INSERT INTO providers_version (version, staff_version, keys_version) VALUES (0, 0, 0);

CREATE FUNCTION providers_next_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE providers_version SET version = version + 1;
    RETURN NULL;
END;
$$;

CREATE TRIGGER providers_institution_next AFTER INSERT OR UPDATE OR DELETE ON providers_institution
    FOR EACH STATEMENT EXECUTE FUNCTION providers_next_version();
CREATE TRIGGER providers_state_next AFTER INSERT OR UPDATE OR DELETE ON providers_state
    FOR EACH STATEMENT EXECUTE FUNCTION providers_next_version();
