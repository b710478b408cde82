-- What somebody has begun at a workstation and not finished (a basket, a prescription being written). Not a fact: it changes with
-- every key and is gone once the work is done, when the trades have their facts. content is sealed as a whole: it names people.

CREATE TABLE desk_draft (
    institution text        NOT NULL,
    account     bigint      NOT NULL,
    kind        text        NOT NULL,
    key         text        NOT NULL,
    content     bytea       NOT NULL,
    updated_at  timestamptz NOT NULL,
    PRIMARY KEY (institution, account, kind, key)
);
CREATE INDEX desk_draft_age ON desk_draft (updated_at);
