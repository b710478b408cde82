-- Institutions whose staff has changed since version $1 of the register.
SELECT code FROM providers_staff_version WHERE version > $1
