-- What agents are found by: the words of the persona and of its sentence, as words.py writes them.
-- What was stored before is found by its sentence, until it changes.
ALTER TABLE agents ADD COLUMN words text;

-- What made an agent, the newest first.
CREATE INDEX generations_of_agent ON generations (agent, create_time DESC, id DESC);
