-- One version number for the whole catalogue. Every statement that changes items, payment standards or highest prices takes the next number
-- (and keeps other writers out until it commits), every row it writes carries that number: a reader in memory asks for the
-- rows above the number it knows and misses none. A deletion cannot be seen that way, so it asks readers to start afresh.
CREATE TABLE catalog_version (
    the_row     boolean PRIMARY KEY DEFAULT true CHECK (the_row),
    version     bigint  NOT NULL,
    reload_from bigint  NOT NULL
);
INSERT INTO catalog_version (version, reload_from) VALUES (0, 0);

CREATE FUNCTION catalog_next_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE catalog_version
    SET version = version + 1,
        reload_from = CASE WHEN TG_OP = 'DELETE' THEN version + 1 ELSE reload_from END;
    RETURN NULL;
END;
$$;

CREATE FUNCTION catalog_stamp_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT version INTO NEW.version FROM catalog_version;
    RETURN NEW;
END;
$$;

CREATE TRIGGER catalog_item_next BEFORE INSERT OR UPDATE OR DELETE ON catalog_item
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_next_version();
CREATE TRIGGER catalog_item_stamp BEFORE INSERT OR UPDATE ON catalog_item
    FOR EACH ROW EXECUTE FUNCTION catalog_stamp_version();
CREATE TRIGGER catalog_price_next BEFORE INSERT OR UPDATE OR DELETE ON catalog_price
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_next_version();
CREATE TRIGGER catalog_price_stamp BEFORE INSERT OR UPDATE ON catalog_price
    FOR EACH ROW EXECUTE FUNCTION catalog_stamp_version();
CREATE TRIGGER catalog_ceiling_next BEFORE INSERT OR UPDATE OR DELETE ON catalog_ceiling
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_next_version();
CREATE TRIGGER catalog_ceiling_stamp BEFORE INSERT OR UPDATE ON catalog_ceiling
    FOR EACH ROW EXECUTE FUNCTION catalog_stamp_version();
