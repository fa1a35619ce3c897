-- How long each finished step took, without waiting: what the next one of its kind is expected to take.
-- `asked` is the model that was asked for, '' for the default one; `size` is what else it depends on.
CREATE TABLE times (
    generation uuid             NOT NULL REFERENCES generations ON DELETE CASCADE,
    step       text             NOT NULL,
    asked      text             NOT NULL,
    size       text             NOT NULL,
    engine     text             NOT NULL,
    model      text             NOT NULL,
    seconds    double precision NOT NULL,
    end_time   timestamptz      NOT NULL DEFAULT now(),
    PRIMARY KEY (generation, step)
);

CREATE INDEX times_recent ON times (step, asked, size, end_time DESC);
