-- Whoever changes a person's dossier waits here for whoever does so already.
SELECT psn_no FROM members_person WHERE psn_no = $1 FOR UPDATE
