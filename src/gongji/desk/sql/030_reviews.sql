-- What a hospital's own pharmacist said of a prescription before it circulated, and what its doctor answered (处方管理办法 第三十四
-- 至三十六条). The centre knows nothing of it: a sheet that the pharmacist accepts is uploaded with his name (7103), one that he
-- returns stays where it is. Facts: appended, never changed.
CREATE TABLE desk_review (
    institution text        NOT NULL,
    rx_id       bigint      NOT NULL,
    review_no   integer     NOT NULL CHECK (review_no >= 1),
    verdict     text        NOT NULL CHECK (verdict IN ('return', 'answer')),
    staff_code  text        NOT NULL,
    name        text        NOT NULL,
    reason      text        NOT NULL,
    at          timestamptz NOT NULL,
    PRIMARY KEY (institution, rx_id, review_no)
);
CREATE TRIGGER desk_review_append_only BEFORE UPDATE OR DELETE ON desk_review FOR EACH ROW EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON desk_review FROM PUBLIC;
