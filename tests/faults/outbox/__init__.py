"""The outbox under fire: real workers, killed and paused at every step, and what became of each message."""
