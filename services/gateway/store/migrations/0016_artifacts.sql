-- Texts and apps. A retry changes what its source has made.
CREATE TABLE artifacts (
    id          uuid        PRIMARY KEY,
    owner       text        NOT NULL,
    generation  uuid        NOT NULL REFERENCES generations,
    kind        int         NOT NULL,
    title       text        NOT NULL,
    prompt      text        NOT NULL,
    content     text        NOT NULL,
    media_type  text        NOT NULL,
    -- Serialised messages: Usage, Cost, Fallback.
    usage       bytea,
    cost        bytea,
    fallback    bytea,
    create_time timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX artifacts_of_owner ON artifacts (owner, create_time DESC, id DESC);
