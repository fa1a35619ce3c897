-- Agents that were imported have no generation, and keep the card that they came with, as JSON.
ALTER TABLE agents ALTER COLUMN generation DROP NOT NULL;
ALTER TABLE agents ADD COLUMN card bytea;

-- At most one agent per owner and request id; the SHA-256 tells whether the card is the same.
CREATE TABLE imports (
    owner      text  NOT NULL,
    request_id uuid  NOT NULL,
    digest     bytea NOT NULL,
    agent      uuid  NOT NULL REFERENCES agents DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (owner, request_id)
);
