-- Files that nobody can fetch any more since $1.
DELETE FROM gateway_file WHERE expires_at < $1;
