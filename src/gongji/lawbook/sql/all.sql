SELECT digest, library FROM lawbook_version ORDER BY recorded_at, digest
