-- One institution's stock is written by one transaction at a time; institutions do not wait for each other.
SELECT pg_advisory_xact_lock(hashtextextended('stock:' || $1, 0))
