-- The comparison that a generation belongs to, and its place in that; what it may cost at most and what
-- it cost up to its latest snapshot, in millionths of the price list's unit; and why it failed.
ALTER TABLE generations
    ADD COLUMN comparison uuid,
    ADD COLUMN place int NOT NULL DEFAULT 0,
    ADD COLUMN reserved_micros bigint NOT NULL DEFAULT 0,
    ADD COLUMN cost_micros bigint NOT NULL DEFAULT 0,
    ADD COLUMN error_reason text NOT NULL DEFAULT '';

CREATE INDEX generations_of_comparison ON generations (comparison, place) WHERE comparison IS NOT NULL;
-- What counts against a budget.
CREATE INDEX generations_that_cost ON generations (owner, end_time) WHERE reserved_micros > 0;
