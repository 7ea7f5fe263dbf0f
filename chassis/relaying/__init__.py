"""The parts of the relay: reading the outbox, publishing in a pipeline."""
