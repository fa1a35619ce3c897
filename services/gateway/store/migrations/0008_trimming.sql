-- The sequence up to which events are gone; 0 while all of them are there. Alone in its file: it locks
-- the table against everybody for as long as the transaction lasts.
ALTER TABLE generations ADD COLUMN trimmed bigint NOT NULL DEFAULT 0;
