-- What a generation tries again, from which step if one was named, and the first one of all its tries.
ALTER TABLE generations
    ADD COLUMN retry_of uuid REFERENCES generations,
    ADD COLUMN retry_from text NOT NULL DEFAULT '',
    ADD COLUMN origin uuid REFERENCES generations;

-- One unfinished retry at a time.
CREATE UNIQUE INDEX generations_one_retry ON generations (origin)
    WHERE retry_of IS NOT NULL AND state IN ('QUEUED', 'RUNNING', 'PAUSED');
