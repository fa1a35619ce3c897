-- Templates of owners. Each change of one is a row of its own, `content` a serialised Template; the newest
-- version tells whether it is deleted. Those that come with the software stand in none.
CREATE TABLE templates (
    owner       text        NOT NULL,
    id          text        NOT NULL,
    version     int         NOT NULL,
    content     bytea       NOT NULL,
    -- Its place among those that were made in the same moment.
    place       uuid        NOT NULL DEFAULT gen_random_uuid(),
    create_time timestamptz NOT NULL DEFAULT now(),
    delete_time timestamptz,
    PRIMARY KEY (owner, id, version)
);

-- What a generation began with, as `templates/{id}@{version}`.
ALTER TABLE generations ADD COLUMN template text NOT NULL DEFAULT '';
