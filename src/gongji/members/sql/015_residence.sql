-- Roughly where a member lives (常住地), for the service circle: a cell of 0.001° (some 100 m), by its south-west corner in
-- thousandths of a degree. Finer than that nothing is kept, and no address.
CREATE TABLE members_residence (
    psn_no   text    NOT NULL,
    spell_no bigint  NOT NULL,
    from_on  date    NOT NULL,
    until_on date,
    lat_e3   integer NOT NULL CHECK (lat_e3 BETWEEN 3000 AND 54000),
    lng_e3   integer NOT NULL CHECK (lng_e3 BETWEEN 73000 AND 136000),
    PRIMARY KEY (psn_no, spell_no),
    CHECK (until_on IS NULL OR until_on >= from_on)
);
