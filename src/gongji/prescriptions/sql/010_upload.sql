-- Prescriptions (处方) that fee lines named (2204): kept up to date, one row a number and visit. items: prescriptions.uploaded.PrescribedItem.
CREATE TABLE prescriptions_upload (
    psn_no      text        NOT NULL,
    rx_no       text        NOT NULL,
    visit_id    bigint      NOT NULL,
    issuer      text        NOT NULL,
    group_id    bigint      NOT NULL,
    doctor_code text        NOT NULL DEFAULT '',
    doctor_name text        NOT NULL DEFAULT '',
    issued_at   timestamptz NOT NULL,
    valid_until timestamptz NOT NULL,
    items       jsonb       NOT NULL,
    revoked_at  timestamptz,
    PRIMARY KEY (psn_no, rx_no, visit_id)
);
