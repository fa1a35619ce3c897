-- In a file of their own: what locks the table is over by then.
CREATE INDEX generations_of_comparison ON generations (comparison, place) WHERE comparison IS NOT NULL;
-- What counts against a budget.
CREATE INDEX generations_that_cost ON generations (owner, end_time)
    WHERE reserved_micros > 0 OR cost_micros > 0;

-- The latest runs that say how long the next will take: what fell back says nothing.
CREATE INDEX times_done ON times (step, asked, size, end_time DESC) WHERE fallback = '';
CREATE INDEX times_done_of_model ON times (step, asked, size, engine, model, end_time DESC)
    WHERE fallback = '';
