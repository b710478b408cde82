-- One writer of an employer's contributions at a time, until the end of the transaction: imports of one file from two places
-- happen one after the other, and a payment does not overtake an import.
SELECT pg_advisory_xact_lock(hashtextextended('members_contribution ' || $1, 0))
