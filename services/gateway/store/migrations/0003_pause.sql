-- Who asked the runner to halt; it clears this when it has.
ALTER TABLE generations ADD COLUMN pause_requested_by text;
