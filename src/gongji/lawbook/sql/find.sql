SELECT library FROM lawbook_version WHERE digest = $1
