-- A generation is one durable run. Its log stands in `progress`, the ends of its steps in `steps`.
CREATE TABLE generations (
    id                  uuid        PRIMARY KEY,
    owner               text        NOT NULL,
    recipe              text        NOT NULL,
    state               text        NOT NULL,
    -- What was asked for: the call, its id, and the request message as it came.
    rpc                 text        NOT NULL,
    request_id          uuid        NOT NULL,
    request             bytea       NOT NULL,
    description         text        NOT NULL,
    -- The agent that it makes or changes.
    agent               uuid        NOT NULL,
    -- The fence: whoever appends must hold the epoch, and holds it until the lease ends. A lease that
    -- was handed back is NULL; leases_lost counts those that ran out since the last finished step.
    epoch               bigint      NOT NULL DEFAULT 0,
    lease_expire_time   timestamptz,
    leases_lost         int         NOT NULL DEFAULT 0,
    cancel_requested_by text,
    last_sequence       bigint      NOT NULL DEFAULT 0,
    -- The log folded up to the end of a step, a serialised Generation.
    snapshot            bytea       NOT NULL,
    create_time         timestamptz NOT NULL DEFAULT now(),
    start_time          timestamptz,
    end_time            timestamptz,
    CONSTRAINT generations_state CHECK
        (state IN ('QUEUED', 'RUNNING', 'PAUSED', 'COMPLETED', 'FAILED', 'CANCELLED')),
    -- At most one generation per owner, call and request id.
    CONSTRAINT generations_request UNIQUE (owner, rpc, request_id)
);

CREATE INDEX generations_of_owner ON generations (owner, create_time DESC, id DESC);
CREATE INDEX generations_served ON generations (owner, start_time);
CREATE INDEX generations_unfinished ON generations (create_time)
    WHERE state IN ('QUEUED', 'RUNNING');

-- The log. `event` is a serialised Progress, encoded once and handed to every watcher as it is.
CREATE TABLE progress (
    generation uuid   NOT NULL REFERENCES generations ON DELETE CASCADE,
    sequence   bigint NOT NULL,
    event      bytea  NOT NULL,
    PRIMARY KEY (generation, sequence)
);

-- The end of each finished step, a serialised StepCompleted; what stands here is never made again.
CREATE TABLE steps (
    generation uuid  NOT NULL REFERENCES generations ON DELETE CASCADE,
    step       text  NOT NULL,
    result     bytea NOT NULL,
    PRIMARY KEY (generation, step)
);

CREATE TABLE agents (
    id                uuid        PRIMARY KEY,
    owner             text        NOT NULL,
    generation        uuid        NOT NULL REFERENCES generations,
    description       text        NOT NULL,
    persona           bytea       NOT NULL,
    portrait          bytea       NOT NULL,
    portrait_fallback bytea,
    version           bigint      NOT NULL DEFAULT 1,
    create_time       timestamptz NOT NULL DEFAULT now(),
    update_time       timestamptz NOT NULL DEFAULT now(),
    delete_time       timestamptz,
    -- At most one agent from a generation.
    CONSTRAINT agents_generation UNIQUE (generation)
);

CREATE INDEX agents_of_owner ON agents (owner, create_time DESC, id DESC);

-- Pictures, by the SHA-256 of their bytes. Each owner has a copy of their own, so that nobody can
-- find out what another one has.
CREATE TABLE assets (
    owner       text        NOT NULL,
    digest      bytea       NOT NULL,
    media_type  text        NOT NULL,
    data        bytea       NOT NULL,
    create_time timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (owner, digest)
);

ALTER TABLE assets ALTER COLUMN data SET STORAGE EXTERNAL;
