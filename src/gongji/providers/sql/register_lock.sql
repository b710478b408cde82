-- Whoever changes an institution's register ($1) waits here for whoever does so already.
SELECT pg_advisory_xact_lock(hashtextextended('providers ' || $1, 0))
