-- A row of entries may hold several that were written together: a msgpack array, and the sequence of the last.
SELECT 1;
