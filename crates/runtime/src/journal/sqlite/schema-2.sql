-- How many calls it made; counted when it ends.
ALTER TABLE tasks ADD COLUMN calls INTEGER;
UPDATE tasks SET calls = (SELECT COUNT(*) FROM entries WHERE task = tasks.id AND key IS NOT NULL)
WHERE ended IS NOT NULL;
