-- What has not ended, paused ones too: how much an owner may have, and what a page follows.
CREATE INDEX generations_not_ended ON generations (owner) WHERE state IN ('QUEUED', 'RUNNING', 'PAUSED');

-- The tries of one generation.
CREATE INDEX generations_of_origin ON generations (origin) WHERE origin IS NOT NULL;

-- The latest times of a kind on one engine and model, however many there are of others.
CREATE INDEX times_of_model ON times (step, asked, size, engine, model, end_time DESC);
