-- One act at a time about one number of an identity document or voucher ($1), by which two persons could be mistaken.
SELECT pg_advisory_xact_lock(hashtextextended($1, 0))
