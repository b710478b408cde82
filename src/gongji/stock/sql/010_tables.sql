-- What institutions bought, sold, counted and corrected (进销存): every movement a fact, in the institution's own units
-- (最小计价包装单位). quantity_e4 is signed: what the movement adds to the running stock. counted_e4: what an inventory found.
-- A deletion (3507) is a movement of its own that undoes one other; a return names the movement that it returns, where known.
-- document is the institution's own paper, document_key everything by which the same row is known again under a new number.
-- detail holds what else was written, sealed what is personal beyond psn_no (names and certificate numbers).
CREATE TABLE stock_movement (
    institution   text        NOT NULL,
    movement_id   bigint      NOT NULL,
    kind          text        NOT NULL CHECK (kind IN
        ('inventory', 'adjust', 'purchase', 'purchase_return', 'sale', 'sale_return', 'delete')),
    change_type   text        NOT NULL DEFAULT '',
    item          text        NOT NULL,
    local_item    text        NOT NULL,
    local_name    text        NOT NULL,
    batch         text        NOT NULL,
    lot_no        text        NOT NULL,
    made_on       date,
    expires_on    date,
    quantity_e4   bigint      NOT NULL,
    counted_e4    bigint      CHECK (counted_e4 >= 0),
    price_micro   bigint,
    split         boolean     NOT NULL,
    document      text        NOT NULL,
    document_key  text        NOT NULL,
    counterpart   text        NOT NULL,
    rx_no         text        NOT NULL,
    psn_no        text        NOT NULL,
    visit_no      text        NOT NULL,
    settlement_no text        NOT NULL,
    occurred_at   timestamptz NOT NULL,
    recorded_at   timestamptz NOT NULL,
    origin        text        NOT NULL,
    undoes        bigint,
    returns       bigint,
    reason        text        NOT NULL,
    traces        text[]      NOT NULL,
    marks         text[]      NOT NULL,
    detail        jsonb       NOT NULL,
    sealed        bytea,
    cert_index    bytea,
    PRIMARY KEY (institution, movement_id),
    CHECK ((kind = 'delete') = (undoes IS NOT NULL)),
    CHECK ((kind = 'inventory') = (counted_e4 IS NOT NULL)),
    CHECK (kind NOT IN ('purchase', 'sale_return') OR quantity_e4 > 0),
    CHECK (kind NOT IN ('sale', 'purchase_return') OR quantity_e4 < 0)
);
CREATE INDEX stock_movement_batch ON stock_movement (institution, batch, local_item, occurred_at);
CREATE INDEX stock_movement_local ON stock_movement (institution, local_item, occurred_at);
CREATE INDEX stock_movement_day ON stock_movement (institution, occurred_at);
CREATE INDEX stock_movement_document ON stock_movement (institution, document);
CREATE INDEX stock_movement_again ON stock_movement (institution, document_key);
CREATE INDEX stock_movement_visit ON stock_movement (institution, visit_no) WHERE visit_no <> '';
CREATE INDEX stock_movement_rx ON stock_movement (institution, rx_no) WHERE rx_no <> '';
CREATE INDEX stock_movement_returns ON stock_movement (institution, returns) WHERE returns IS NOT NULL;
CREATE UNIQUE INDEX stock_movement_undone ON stock_movement (institution, undoes) WHERE undoes IS NOT NULL;

-- The trace codes (药品追溯码) of a movement, found by code whoever moved it. direction: 1 came in, -1 went out, 0 was counted.
CREATE TABLE stock_movement_code (
    code        text     NOT NULL,
    institution text     NOT NULL,
    movement_id bigint   NOT NULL,
    direction   smallint NOT NULL CHECK (direction IN (-1, 0, 1)),
    local_item  text     NOT NULL,
    batch       text     NOT NULL,
    split       boolean  NOT NULL,
    PRIMARY KEY (code, institution, movement_id)
);

-- Codes given out for drugs that carry none (3592B).
CREATE TABLE stock_virtual_code (
    institution text        NOT NULL,
    code_id     bigint      NOT NULL,
    code        text        NOT NULL,
    item        text        NOT NULL,
    local_item  text        NOT NULL,
    local_name  text        NOT NULL,
    batch       text        NOT NULL,
    issued_at   timestamptz NOT NULL,
    PRIMARY KEY (institution, code_id)
);

-- Running stock of a batch; derived: its movements added up, and what they last said of it.
CREATE TABLE stock_on_hand (
    institution text        NOT NULL,
    local_item  text        NOT NULL,
    batch       text        NOT NULL,
    item        text        NOT NULL,
    local_name  text        NOT NULL,
    lot_no      text        NOT NULL,
    made_on     date,
    expires_on  date,
    quantity_e4 bigint      NOT NULL,
    coded       boolean     NOT NULL,
    counted_at  timestamptz,
    moved_at    timestamptz NOT NULL,
    PRIMARY KEY (institution, local_item, batch)
);
CREATE INDEX stock_on_hand_item ON stock_on_hand (item, institution);

CREATE TRIGGER stock_movement_append_only BEFORE UPDATE OR DELETE ON stock_movement
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER stock_movement_code_append_only BEFORE UPDATE OR DELETE ON stock_movement_code
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER stock_virtual_code_append_only BEFORE UPDATE OR DELETE ON stock_virtual_code
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON stock_movement, stock_movement_code, stock_virtual_code FROM PUBLIC;

-- Movements in force: neither deletions nor what they undo.
CREATE VIEW stock_v_movement AS
SELECT m.*
FROM stock_movement m
WHERE m.kind <> 'delete'
  AND NOT EXISTS (SELECT FROM stock_movement d WHERE d.institution = m.institution AND d.undoes = m.movement_id);
