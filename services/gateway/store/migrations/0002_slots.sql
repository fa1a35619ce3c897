-- What a running generation waits for, or has: one of the slots of an engine service, whose number is
-- bounded across all replicas. A row counts while its generation is leased under the same epoch.
CREATE TABLE slots (
    generation uuid        PRIMARY KEY REFERENCES generations ON DELETE CASCADE,
    epoch      bigint      NOT NULL,
    -- Tells one asking of a generation from the next.
    ticket     uuid        NOT NULL,
    engine     text        NOT NULL,
    owner      text        NOT NULL,
    wait_time  timestamptz NOT NULL DEFAULT clock_timestamp(),
    granted    boolean     NOT NULL DEFAULT false
);

CREATE INDEX slots_of_engine ON slots (engine);
