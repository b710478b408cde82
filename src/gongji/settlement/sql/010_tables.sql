-- Facts of settlement (事实). psn_no leads every key, so that each table can be distributed by person.

-- Where a person's year stands: derived from the facts, advanced with them, checked by `gongji verify`.
-- version counts every change that a settlement of this year must not miss; seq and head are the end of the hash chain.
-- Amounts are kept by benefit: benefits[i] has acc[3i-2] deductible, acc[3i-1] in-scope, acc[3i] fund (fen),
-- and ceilings[i], the yearly ceiling that held at the last settlement (NULL: none).
CREATE FUNCTION settlement_within(acc bigint[], ceilings bigint[]) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (SELECT bool_and(acc[i * 3] >= 0 AND (ceilings[i] IS NULL OR acc[i * 3] <= ceilings[i]))
        FROM generate_series(1, cardinality(ceilings)) AS i) IS NOT FALSE;

CREATE TABLE settlement_person_year (
    psn_no   text     NOT NULL,
    year     smallint NOT NULL,
    version  bigint   NOT NULL,
    seq      integer  NOT NULL,
    head     bytea    NOT NULL,
    benefits text[]   NOT NULL,
    acc      bigint[] NOT NULL,
    ceilings bigint[] NOT NULL,
    PRIMARY KEY (psn_no, year),
    CONSTRAINT settlement_person_year_shape CHECK (
        cardinality(acc) = 3 * cardinality(benefits) AND cardinality(ceilings) = cardinality(benefits)),
    CONSTRAINT settlement_person_year_within_ceiling CHECK (settlement_within(acc, ceilings))
) WITH (fillfactor = 80);

-- The caller's own number decides (at most once): one effect, one stored answer. That the number is unique whoever the
-- person is holds on one PostgreSQL; a distributed database keeps the primary key alone.
CREATE TABLE settlement_message (
    psn_no        text        NOT NULL,
    caller        text        NOT NULL,
    infno         text        NOT NULL,
    msgid         text        NOT NULL,
    request_hash  bytea       NOT NULL,
    settlement_id bigint      NOT NULL,
    answer        bytea       NOT NULL,
    received_at   timestamptz NOT NULL,
    PRIMARY KEY (psn_no, caller, infno, msgid),
    CONSTRAINT settlement_message_number UNIQUE (caller, infno, msgid)
) WITH (toast_tuple_target = 8160);  -- answers of 2-4 KB stay in their row: compressing each costs the counter more than the space

-- One settlement (kind 1), reversal (-1) or opening of accumulators (0): everything that a replay needs, in one row.
-- Arrays follow the positions of gongji.kernel.layout; a reversal carries the negated amounts of its original.
-- group_version, the version of the year where the visit group began, orders the facts of one group, across years too.
CREATE TABLE settlement_fact (
    psn_no         text        NOT NULL,
    settlement_id  bigint      NOT NULL,
    kind           smallint    NOT NULL CHECK (kind IN (1, -1, 0)),
    original_id    bigint,
    year           smallint    NOT NULL,
    seq            integer     NOT NULL,
    service_on     date        NOT NULL,
    received_at    timestamptz NOT NULL,
    settled_at     timestamptz NOT NULL,
    caller         text        NOT NULL,
    infno          text        NOT NULL,
    msgid          text        NOT NULL,
    provider       text        NOT NULL,
    place_kind     text        NOT NULL,
    visit_id       bigint      NOT NULL,
    group_id       bigint      NOT NULL,
    group_year     smallint    NOT NULL,
    group_version  bigint      NOT NULL,
    batch_no       text        NOT NULL,
    med_type       text        NOT NULL,
    invoice_no     text        NOT NULL,
    region         text        NOT NULL,
    benefit        text        NOT NULL,
    attributes     text        NOT NULL,
    options        smallint    NOT NULL,
    line_texts     text[]      NOT NULL,
    lines          bigint[]    NOT NULL,
    splits         bigint[]    NOT NULL,
    waterfall      bigint[]    NOT NULL,
    acc_before     bigint[]    NOT NULL,
    acc_after      bigint[]    NOT NULL,
    own_fen        bigint      NOT NULL,
    quota_key      text        NOT NULL,
    quota_fen      bigint      NOT NULL,
    quota_ratio_bp integer,
    quota_windows  bigint[]    NOT NULL,
    family         text[]      NOT NULL,
    family_offered bigint[]    NOT NULL,
    family_drawn   bigint[]    NOT NULL,
    refusal        text        NOT NULL,
    ratio_bp       integer,
    policy_digest  bytea       NOT NULL,
    kernel_version smallint    NOT NULL,
    message_digest bytea       NOT NULL,
    prev_hash      bytea       NOT NULL,
    hash           bytea       NOT NULL,
    PRIMARY KEY (psn_no, settlement_id)
);
-- The same row as it is handed to settle_batch: integer arrays in their text form, which costs the sender a third of the binary one.
CREATE TYPE settlement_fact_sent AS (
    psn_no         text,
    settlement_id  bigint,
    kind           smallint,
    original_id    bigint,
    year           smallint,
    seq            integer,
    service_on     date,
    received_at    timestamptz,
    settled_at     timestamptz,
    caller         text,
    infno          text,
    msgid          text,
    provider       text,
    place_kind     text,
    visit_id       bigint,
    group_id       bigint,
    group_year     smallint,
    group_version  bigint,
    batch_no       text,
    med_type       text,
    invoice_no     text,
    region         text,
    benefit        text,
    attributes     text,
    options        smallint,
    line_texts     text[],
    lines          text,
    splits         text,
    waterfall      text,
    acc_before     text,
    acc_after      text,
    own_fen        bigint,
    quota_key      text,
    quota_fen      bigint,
    quota_ratio_bp integer,
    quota_windows  text,
    family         text[],
    family_offered text,
    family_drawn   text,
    refusal        text,
    ratio_bp       integer,
    policy_digest  bytea,
    kernel_version smallint,
    message_digest bytea,
    prev_hash      bytea,
    hash           bytea
);
-- At most one reversal of a settlement, at most one opening of a year and benefit.
CREATE UNIQUE INDEX settlement_fact_one_reversal ON settlement_fact (psn_no, original_id) WHERE original_id IS NOT NULL;
CREATE UNIQUE INDEX settlement_fact_one_opening ON settlement_fact (psn_no, year, benefit) WHERE kind = 0;
-- The window of a merged deductible (decision A10), and whether a fee batch is settled.
CREATE INDEX settlement_fact_group ON settlement_fact (psn_no, group_id);
-- Facts come in the order of time, so a block range tells the day: an institution's day is found without a cost to the counter.
CREATE INDEX settlement_fact_settled_at ON settlement_fact USING brin (settled_at) WITH (pages_per_range = 16);

CREATE TRIGGER settlement_fact_append_only BEFORE UPDATE OR DELETE ON settlement_fact
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER settlement_message_append_only BEFORE UPDATE OR DELETE ON settlement_message
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON settlement_fact, settlement_message FROM PUBLIC;
