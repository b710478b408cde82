SELECT version FROM providers_version
