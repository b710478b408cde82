-- Agreements are decided one after another: every change of the room takes this row in the end (its triggers advance it).
SELECT version FROM providers_version FOR UPDATE
