-- The latest preview of each running generation, for watchers at other replicas and for those who come
-- late. It is overwritten, belongs to no log, and may be lost with the server.
CREATE SEQUENCE preview_numbers;

CREATE UNLOGGED TABLE previews (
    generation uuid   PRIMARY KEY REFERENCES generations ON DELETE CASCADE,
    number     bigint NOT NULL,
    event      bytea  NOT NULL
);
