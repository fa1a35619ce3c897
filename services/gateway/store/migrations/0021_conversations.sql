-- What is said to companions. `messages` and `turns` are counters: the number of the latest message, and how often
-- an answer was asked for. One that is deleted is gone for its owner, and its rest goes as soon as nothing runs.
CREATE TABLE conversations (
    id                  uuid        PRIMARY KEY,
    owner               text        NOT NULL,
    agent               uuid        NOT NULL REFERENCES agents,
    title               text        NOT NULL,
    summary             text        NOT NULL DEFAULT '',
    -- The number of the latest message that the summary stands for.
    summarized          int         NOT NULL DEFAULT 0,
    messages            int         NOT NULL DEFAULT 0,
    turns               bigint      NOT NULL DEFAULT 0,
    latest              text        NOT NULL DEFAULT '',
    version             bigint      NOT NULL DEFAULT 1,
    create_time         timestamptz NOT NULL DEFAULT now(),
    update_time         timestamptz NOT NULL DEFAULT now(),
    delete_time         timestamptz
);

CREATE INDEX conversations_of_owner ON conversations (owner, update_time DESC, id DESC) WHERE delete_time IS NULL;
CREATE INDEX conversations_deleted ON conversations (delete_time) WHERE delete_time IS NOT NULL;

-- A person's messages have odd numbers, and the reply to n is n + 1.
CREATE TABLE messages (
    conversation uuid        NOT NULL REFERENCES conversations ON DELETE CASCADE,
    number       int         NOT NULL,
    text         text        NOT NULL,
    -- The run that answers it, the latest of its tries, or that wrote it.
    generation   uuid        NOT NULL,
    -- A serialised Reply without its text, and a Fallback; of replies.
    reply        bytea,
    fallback     bytea,
    create_time  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (conversation, number)
);

-- What a companion remembers of its owner; it goes with the conversation that it comes from.
CREATE TABLE memories (
    id           uuid        PRIMARY KEY,
    owner        text        NOT NULL,
    agent        uuid        NOT NULL REFERENCES agents,
    text         text        NOT NULL,
    conversation uuid        NOT NULL REFERENCES conversations ON DELETE CASCADE,
    message      int         NOT NULL,
    create_time  timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX memories_of_owner ON memories (owner, create_time DESC, id DESC);
CREATE INDEX memories_of_agent ON memories (agent, owner, create_time DESC, id DESC);
CREATE INDEX memories_of_message ON memories (conversation, message);

-- A generation that answers has its conversation, its place in the line of that, and the message that it answers.
-- One that an action began has the generation of that action.
ALTER TABLE generations
    ADD COLUMN conversation uuid,
    ADD COLUMN turn bigint NOT NULL DEFAULT 0,
    ADD COLUMN message int NOT NULL DEFAULT 0,
    ADD COLUMN caused_by uuid;

CREATE INDEX generations_of_conversation ON generations (conversation, turn) WHERE conversation IS NOT NULL;
-- What a claim looks at: whether an earlier turn has not ended.
CREATE INDEX generations_in_turn ON generations (conversation, turn)
    WHERE conversation IS NOT NULL AND state IN ('QUEUED', 'RUNNING', 'PAUSED');

-- What was spent by generations that are deleted: money does not come back with them.
CREATE TABLE spent (
    owner       text        NOT NULL,
    end_time    timestamptz NOT NULL,
    cost_micros bigint      NOT NULL
);

CREATE INDEX spent_by_owner ON spent (owner, end_time);
