-- What may be trimmed, by when it ended.
CREATE INDEX generations_to_trim ON generations (end_time) WHERE end_time IS NOT NULL AND trimmed = 0;
