-- One change of an institution's mappings at a time.
SELECT pg_advisory_xact_lock(hashtextextended('catalog_mapping:' || $1, 0));
