-- How satisfied an owner was with a generation, '' for the whole of it, or with a step, and on which engine
-- and model that was done.
CREATE TABLE ratings (
    generation  uuid        NOT NULL REFERENCES generations ON DELETE CASCADE,
    step        text        NOT NULL,
    engine      text        NOT NULL,
    model       text        NOT NULL,
    stars       int         NOT NULL,
    comment     text        NOT NULL,
    update_time timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (generation, step)
);
