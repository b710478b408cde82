-- What members paid of an over-credit that they owe (归还多计入): facts. means cash: to the agency's bank account, under the number of its
-- receipt; account: set off against the balance of the account when the case case_id closed it, repayment_id being the entry too.
-- The journal row has the same id either way.
CREATE TABLE accounts_repayment (
    psn_no       text        NOT NULL,
    repayment_id bigint      NOT NULL,
    means        text        NOT NULL CHECK (means IN ('cash', 'account')),
    amount_fen   bigint      NOT NULL CHECK (amount_fen > 0),
    receipt_no   text        NOT NULL CHECK ((means = 'cash') = (receipt_no <> '')),
    case_id      bigint      CHECK ((means = 'account') = (case_id IS NOT NULL)),
    actor        text        NOT NULL,
    repaid_at    timestamptz NOT NULL,
    PRIMARY KEY (psn_no, repayment_id)
);

-- A receipt counts once.
CREATE UNIQUE INDEX accounts_repayment_receipt ON accounts_repayment (psn_no, receipt_no) WHERE means = 'cash';

CREATE TRIGGER accounts_repayment_append_only BEFORE UPDATE OR DELETE ON accounts_repayment
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON accounts_repayment FROM PUBLIC;
