SELECT version, reload_from FROM catalog_version
