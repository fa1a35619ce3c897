-- The comparison that a generation belongs to, and its place in that; what it may cost at most and what
-- it cost up to its latest snapshot, in millionths of the price list's unit; and why it failed.
ALTER TABLE generations
    ADD COLUMN comparison uuid,
    ADD COLUMN place int NOT NULL DEFAULT 0,
    ADD COLUMN reserved_micros bigint NOT NULL DEFAULT 0,
    ADD COLUMN cost_micros bigint NOT NULL DEFAULT 0,
    ADD COLUMN error_reason text NOT NULL DEFAULT '',
    -- By step, as JSON, the prices that held when it was accepted; NULL where none were known.
    ADD COLUMN prices text;
