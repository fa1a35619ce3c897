-- Agents that were imported have no generation, and keep the card that they came with, as JSON, and
-- what it told of them then, a serialised Persona: what differs from that was changed here.
ALTER TABLE agents ALTER COLUMN generation DROP NOT NULL;
ALTER TABLE agents ADD COLUMN card bytea;
ALTER TABLE agents ADD COLUMN card_persona bytea;

-- At most one agent per owner and request id; the SHA-256 tells whether the card is the same.
CREATE TABLE imports (
    owner      text  NOT NULL,
    request_id uuid  NOT NULL,
    digest     bytea NOT NULL,
    agent      uuid  NOT NULL REFERENCES agents DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (owner, request_id)
);
