-- For the items of some lists ($1): the version that a client which knows version $2 has of them, the newest there is, and the
-- version of the catalogue as a whole.
SELECT (SELECT coalesce(max(version), 0) FROM catalog_item WHERE list_type = ANY ($1) AND version <= $2) AS known,
       (SELECT coalesce(max(version), 0) FROM catalog_item WHERE list_type = ANY ($1)) AS newest,
       version AS catalogue, reload_from
FROM catalog_version
