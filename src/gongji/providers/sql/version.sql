SELECT version, staff_version, keys_version FROM providers_version
