-- The sequence up to which events are gone; 0 while all of them are there.
ALTER TABLE generations ADD COLUMN trimmed bigint NOT NULL DEFAULT 0;

-- What may be trimmed, by when it ended.
CREATE INDEX generations_to_trim ON generations (end_time) WHERE end_time IS NOT NULL AND trimmed = 0;
