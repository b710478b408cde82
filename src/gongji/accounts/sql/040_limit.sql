-- Limits that an owner sets on the family's use of the account (共济限额): facts, the one recorded last among those that have begun
-- counts. user_no '*' limits what all users together take, a person's number what that person takes; NULL is no limit of that kind,
-- and a row of three NULLs lifts the limit. Amounts are fen.
CREATE TABLE accounts_limit (
    psn_no             text        NOT NULL,
    limit_id           bigint      NOT NULL,
    user_no            text        NOT NULL CHECK (user_no <> psn_no),
    per_settlement_fen bigint      CHECK (per_settlement_fen >= 0),
    per_month_fen      bigint      CHECK (per_month_fen >= 0),
    per_year_fen       bigint      CHECK (per_year_fen >= 0),
    from_on            date        NOT NULL,
    recorded_at        timestamptz NOT NULL,
    actor              text        NOT NULL,
    PRIMARY KEY (psn_no, limit_id)
);

CREATE TRIGGER accounts_limit_append_only BEFORE UPDATE OR DELETE ON accounts_limit
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON accounts_limit FROM PUBLIC;
