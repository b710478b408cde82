-- One change of the catalogue's batches after the other, until the transaction ends.
SELECT pg_advisory_xact_lock(hashtext('catalog_batch'))
