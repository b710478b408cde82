-- What was credited to whom for which month (划入), what interest for which year (计息), and the runs that did it: facts.
--
-- A month of a person may have several rows, by sequence: target_fen is what the law gives with the facts of that day, delta_fen the
-- difference to the row before. receivable_fen is the part of a negative difference that the balance could not give back (positive:
-- it is owed by the member), or the part of a positive one that paid such a debt (negative): balance moves by delta + receivable.
-- rule: active, flexible, retired, or none with the reason why nothing is due (any more). cause_id: the run, or the case that took it back.
CREATE TABLE accounts_credit (
    psn_no         text     NOT NULL,
    month          date     NOT NULL CHECK (extract(day FROM month) = 1),
    sequence       smallint NOT NULL CHECK (sequence >= 1),
    rule           text     NOT NULL CHECK (rule IN ('active', 'flexible', 'retired', 'none')),
    reason         text     NOT NULL DEFAULT '' CHECK ((rule = 'none') = (reason <> '')),
    base_fen       bigint   NOT NULL,
    rate_bp        integer  NOT NULL,
    target_fen     bigint   NOT NULL CHECK (target_fen >= 0 AND (rule <> 'none' OR target_fen = 0)),
    delta_fen      bigint   NOT NULL,
    receivable_fen bigint   NOT NULL,
    region         text     NOT NULL,
    clause         text     NOT NULL,
    policy_digest  bytea    NOT NULL,
    cause_id       bigint   NOT NULL,
    entry_id       bigint   NOT NULL,
    recovery_id    bigint   CHECK ((recovery_id IS NOT NULL) = (receivable_fen < 0)),
    PRIMARY KEY (psn_no, month, sequence),
    CONSTRAINT accounts_credit_receivable CHECK (
        receivable_fen BETWEEN least(-delta_fen, 0) AND greatest(-delta_fen, 0))
);

-- Interest of the days from from_on to through_on, all of one year: the whole year, or until the day before an account is closed.
-- fen_bp_days is Σ end-of-day balance × the day's yearly rate in basis points; below half a fen there is no entry.
CREATE TABLE accounts_interest (
    psn_no        text   NOT NULL,
    through_on    date   NOT NULL,
    from_on       date   NOT NULL CHECK (from_on <= through_on AND extract(year FROM from_on) = extract(year FROM through_on)),
    region        text   NOT NULL,
    fen_bp_days   bigint NOT NULL CHECK (fen_bp_days > 0),
    interest_fen  bigint NOT NULL CHECK (interest_fen >= 0),
    clause        text   NOT NULL,
    policy_digest bytea  NOT NULL,
    cause_id      bigint NOT NULL,
    entry_id      bigint,
    PRIMARY KEY (psn_no, through_on),
    CONSTRAINT accounts_interest_entry CHECK ((entry_id IS NOT NULL) = (interest_fen > 0))
);

-- A run goes through the members in the order of psn_no and leaves a step with every chunk that it has committed; the last step says
-- finished. Who starts it again continues after the last step, as the step's actor. These two tables are few rows and not of a person.
CREATE TABLE accounts_run (
    run_id        bigint      PRIMARY KEY,
    kind          text        NOT NULL CHECK (kind IN ('credit', 'interest')),
    period        date        NOT NULL,
    region        text        NOT NULL,
    policy_digest bytea       NOT NULL,
    actor         text        NOT NULL,
    started_at    timestamptz NOT NULL
);

CREATE TABLE accounts_run_step (
    run_id      bigint      NOT NULL,
    step_no     integer     NOT NULL CHECK (step_no >= 1),
    through     text        NOT NULL,
    finished    boolean     NOT NULL,
    tally       jsonb       NOT NULL,
    actor       text        NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (run_id, step_no)
);

CREATE TRIGGER accounts_credit_append_only BEFORE UPDATE OR DELETE ON accounts_credit
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER accounts_interest_append_only BEFORE UPDATE OR DELETE ON accounts_interest
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER accounts_run_append_only BEFORE UPDATE OR DELETE ON accounts_run
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER accounts_run_step_append_only BEFORE UPDATE OR DELETE ON accounts_run_step
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON accounts_credit, accounts_interest, accounts_run, accounts_run_step FROM PUBLIC;
