-- The trace that a generation belongs to, as in W3C's header `traceparent`, for whoever runs it. What was accepted
-- where no traces are made has none.
ALTER TABLE generations ADD COLUMN trace text;
