-- Beside its time: the tokens of a finished step, the tokens/s while it wrote, what the length of its text
-- depended on, how many seconds were expected when it began, and what stood in for what was asked for.
ALTER TABLE times
    ADD COLUMN input_tokens bigint NOT NULL DEFAULT 0,
    ADD COLUMN output_tokens bigint NOT NULL DEFAULT 0,
    ADD COLUMN rate double precision,
    ADD COLUMN features double precision[],
    ADD COLUMN expected double precision,
    ADD COLUMN fallback text NOT NULL DEFAULT '';

-- Tries of steps that failed, whether they were followed by another one or not.
CREATE TABLE failures (
    generation  uuid        NOT NULL REFERENCES generations ON DELETE CASCADE,
    step        text        NOT NULL,
    attempt     int         NOT NULL,
    engine      text        NOT NULL,
    model       text        NOT NULL,
    reason      text        NOT NULL,
    create_time timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (generation, step, attempt)
);
