-- Institutions that have said something about their items, or of whom something is derived all the same.
SELECT institution FROM catalog_mapping_entry UNION SELECT institution FROM catalog_mapping ORDER BY institution
