-- Institutions that have said something about their items.
SELECT DISTINCT institution FROM catalog_mapping_entry ORDER BY institution
