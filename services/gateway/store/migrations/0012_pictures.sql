-- The SHA-256 of the request as it came, pictures and all, by which the same request is known again;
-- NULL on what was accepted before this, where `request` is just that.
ALTER TABLE generations ADD COLUMN asked bytea;

-- Pictures that came with a request, as PNGs of nothing but their pixels, until a step has kept them.
CREATE TABLE uploads (
    generation uuid  PRIMARY KEY REFERENCES generations ON DELETE CASCADE,
    data       bytea NOT NULL
);

ALTER TABLE uploads ALTER COLUMN data SET STORAGE EXTERNAL;
