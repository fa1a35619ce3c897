-- What may be trimmed, by when it ended. Where an earlier form of 0008 ran, it is there already.
CREATE INDEX IF NOT EXISTS generations_to_trim ON generations (end_time) WHERE end_time IS NOT NULL AND trimmed = 0;
