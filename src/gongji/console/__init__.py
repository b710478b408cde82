"""Console (经办管理): what the agency and the officers of the platform do on the web."""
