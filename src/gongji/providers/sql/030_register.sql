-- The register of the institutions: who works there and with which rights, departments, place, services offered, and the keys
-- by which they are known. Secrets, private keys and personal data are sealed; code "EPC" is the platform itself.
-- The tables are what the lines of providers_change (040) add up to, and are kept up to date by it alone.

CREATE TABLE providers_staff (
    code             text   NOT NULL,
    spell_no         bigint NOT NULL,
    staff_code       text   NOT NULL,
    from_on          date   NOT NULL,
    until_on         date,
    name             text   NOT NULL,
    kind             text   NOT NULL CHECK (kind IN ('doctor', 'pharmacist', 'technician', 'nurse')),
    title            text   NOT NULL DEFAULT '',
    department       text   NOT NULL DEFAULT '',
    rights           text[] NOT NULL DEFAULT '{}',
    cert_type        text   NOT NULL DEFAULT '01',
    cert_sealed      bytea,
    cert_index       bytea,
    phone_sealed     bytea,
    qualification_no text   NOT NULL DEFAULT '',
    licence_no       text   NOT NULL DEFAULT '',
    PRIMARY KEY (code, spell_no),
    CHECK (until_on IS NULL OR until_on >= from_on)
);
CREATE INDEX providers_staff_person ON providers_staff (staff_code);

-- The right to serve insured persons, suspended by the agency: two officers, from a day, at every institution of the person
-- or (everywhere false) at this one. state: proposed, in_force, refused, end_proposed (in force, its end awaits the second officer).
CREATE TABLE providers_suspension (
    code           text    NOT NULL,
    spell_no       bigint  NOT NULL,
    staff_code     text    NOT NULL,
    from_on        date    NOT NULL,
    until_on       date,
    everywhere     boolean NOT NULL DEFAULT true,
    state          text    NOT NULL CHECK (state IN ('proposed', 'in_force', 'refused', 'end_proposed')),
    cause          text    NOT NULL DEFAULT '',
    proposed_by    text    NOT NULL,
    proposed_until date,
    decided_by     text    NOT NULL DEFAULT '',
    PRIMARY KEY (code, spell_no),
    CHECK (until_on IS NULL OR until_on >= from_on),
    CHECK (decided_by <> proposed_by)
);
CREATE INDEX providers_suspension_person ON providers_suspension (staff_code);

CREATE TABLE providers_department (
    code           text   NOT NULL,
    spell_no       bigint NOT NULL,
    dept_code      text   NOT NULL,
    name           text   NOT NULL,
    caty           text   NOT NULL,
    from_on        date   NOT NULL,
    until_on       date,
    introduction   text   NOT NULL DEFAULT '',
    head_name      text   NOT NULL DEFAULT '',
    head_phone_sealed bytea,
    scope          text   NOT NULL DEFAULT '',
    established_on date,
    beds           integer,
    insured_beds   integer,
    pool_area      text   NOT NULL DEFAULT '',
    doctors        integer,
    pharmacists    integer,
    nurses         integer,
    technicians    integer,
    memo           text   NOT NULL DEFAULT '',
    PRIMARY KEY (code, spell_no)
);

-- Where an institution is, in millionths of a degree (CGCS2000, which is WGS 84 to the centimetre).
CREATE TABLE providers_place (
    code     text    NOT NULL,
    spell_no bigint  NOT NULL CHECK (spell_no = 1),
    lat_e6   integer NOT NULL CHECK (lat_e6 BETWEEN -90000000 AND 90000000),
    lng_e6   integer NOT NULL CHECK (lng_e6 BETWEEN -180000000 AND 180000000),
    PRIMARY KEY (code, spell_no)
);

CREATE TABLE providers_offer (
    code     text   NOT NULL,
    spell_no bigint NOT NULL,
    offer    text   NOT NULL CHECK (offer IN ('express', 'long_rx', 'delivery', 'convenience')),
    from_on  date   NOT NULL,
    until_on date,
    PRIMARY KEY (code, spell_no),
    CHECK (until_on IS NULL OR until_on >= from_on)
);

CREATE TABLE providers_credential (
    code          text   NOT NULL,
    spell_no      bigint NOT NULL,
    access_key    text   NOT NULL,
    secret_sealed bytea  NOT NULL,
    from_on       date   NOT NULL,
    until_on      date,
    PRIMARY KEY (code, spell_no),
    CONSTRAINT providers_credential_key UNIQUE (access_key)
);

CREATE TABLE providers_channel (
    code              text   NOT NULL,
    spell_no          bigint NOT NULL,
    app_id            text   NOT NULL,
    app_secret_sealed bytea  NOT NULL,
    public_key        bytea  NOT NULL CHECK (length(public_key) = 64),
    callback_url      text   NOT NULL DEFAULT '',
    from_on           date   NOT NULL,
    until_on          date,
    PRIMARY KEY (code, spell_no),
    CONSTRAINT providers_channel_app UNIQUE (app_id)
);

CREATE TABLE providers_certificate (
    code               text   NOT NULL,
    spell_no           bigint NOT NULL,
    serial             text   NOT NULL,
    subject            text   NOT NULL,
    public_key         bytea  NOT NULL CHECK (length(public_key) = 64),
    private_key_sealed bytea,
    from_on            date   NOT NULL,
    until_on           date,
    PRIMARY KEY (code, spell_no),
    CONSTRAINT providers_certificate_serial UNIQUE (serial)
);

-- The book in memory reads again what has changed: institutions, staff or keys.
CREATE FUNCTION providers_next_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('UPDATE providers_version SET %1$I = %1$I + 1', TG_ARGV[0]);
    RETURN NULL;
END;
$$;

CREATE TRIGGER providers_place_next AFTER INSERT OR UPDATE OR DELETE ON providers_place
    FOR EACH STATEMENT EXECUTE FUNCTION providers_next_part('version');
CREATE TRIGGER providers_offer_next AFTER INSERT OR UPDATE OR DELETE ON providers_offer
    FOR EACH STATEMENT EXECUTE FUNCTION providers_next_part('version');
-- Of the staff, which is a hundred times as many as the institutions, only that of the institutions concerned is read again.
-- The number is taken before the rows change: who waits for it takes a later one, so numbers commit in their order.
CREATE TABLE providers_staff_version (
    code    text   PRIMARY KEY,
    version bigint NOT NULL
);
CREATE INDEX providers_staff_version_order ON providers_staff_version (version);

CREATE FUNCTION providers_staff_touched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO providers_staff_version (code, version)
    SELECT DISTINCT t.code, v.staff_version FROM touched t CROSS JOIN providers_version v
    ON CONFLICT (code) DO UPDATE SET version = excluded.version;
    RETURN NULL;
END;
$$;

CREATE TRIGGER providers_staff_next BEFORE INSERT OR UPDATE OR DELETE ON providers_staff
    FOR EACH STATEMENT EXECUTE FUNCTION providers_next_part('staff_version');
CREATE TRIGGER providers_staff_inserted AFTER INSERT ON providers_staff
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION providers_staff_touched();
CREATE TRIGGER providers_staff_updated AFTER UPDATE ON providers_staff
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION providers_staff_touched();
CREATE TRIGGER providers_staff_deleted AFTER DELETE ON providers_staff
    REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION providers_staff_touched();
CREATE TRIGGER providers_suspension_next AFTER INSERT OR UPDATE OR DELETE ON providers_suspension
    FOR EACH STATEMENT EXECUTE FUNCTION providers_next_part('staff_version');
CREATE TRIGGER providers_credential_next AFTER INSERT OR UPDATE OR DELETE ON providers_credential
    FOR EACH STATEMENT EXECUTE FUNCTION providers_next_part('keys_version');
CREATE TRIGGER providers_channel_next AFTER INSERT OR UPDATE OR DELETE ON providers_channel
    FOR EACH STATEMENT EXECUTE FUNCTION providers_next_part('keys_version');
CREATE TRIGGER providers_certificate_next AFTER INSERT OR UPDATE OR DELETE ON providers_certificate
    FOR EACH STATEMENT EXECUTE FUNCTION providers_next_part('keys_version');
