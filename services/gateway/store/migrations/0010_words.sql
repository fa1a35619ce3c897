-- What agents are found by: the words of the persona and of its sentence, in lower case. Of what was
-- stored before, the letters that are ASCII can be read without knowing the message.
ALTER TABLE agents ADD COLUMN words text NOT NULL DEFAULT '';
UPDATE agents SET words = lower(description || E'\n' || encode(persona, 'escape'));

-- What made an agent, the newest first.
CREATE INDEX generations_of_agent ON generations (agent, create_time DESC, id DESC);
