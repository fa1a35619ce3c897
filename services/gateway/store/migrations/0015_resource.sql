-- What a generation makes or changes: an agent, or an artifact. Its recipe tells which.
ALTER TABLE generations RENAME COLUMN agent TO resource;
