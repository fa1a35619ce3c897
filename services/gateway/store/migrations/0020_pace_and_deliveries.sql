-- Beside its time: how many events a finished step had in the log, the median and the longest of the seconds
-- between two of them, and how long all of its tries worked, of which `seconds` is the last.
ALTER TABLE times
    ADD COLUMN updates bigint NOT NULL DEFAULT 0,
    ADD COLUMN median_gap double precision,
    ADD COLUMN max_gap double precision,
    ADD COLUMN worked double precision;

-- How an owner's streams reached their clients, by the hour in which that was told: how many ended, how many of
-- those were left by their client, how often each reason ended one, and how many live events were how late, by
-- the buckets of services/gateway/watch/deliveries.py.
CREATE TABLE deliveries (
    owner     text        NOT NULL,
    hour      timestamptz NOT NULL,
    streams   bigint      NOT NULL,
    gone      bigint      NOT NULL,
    failures  jsonb       NOT NULL,
    latencies bigint[]    NOT NULL,
    PRIMARY KEY (owner, hour)
);
