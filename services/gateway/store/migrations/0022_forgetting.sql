-- What is deleted is looked for in what may refer to it.
CREATE INDEX generations_of_retry ON generations (retry_of) WHERE retry_of IS NOT NULL;
CREATE INDEX artifacts_of_generation ON artifacts (generation);
CREATE INDEX conversations_of_agent ON conversations (agent, owner, update_time DESC) WHERE delete_time IS NULL;

-- What several conversations say is remembered until the last of them is gone.
ALTER TABLE memories DROP CONSTRAINT memories_pkey, ADD PRIMARY KEY (id, conversation);
