"""What every service stands on: store, outbox, inbox, bus, identity, telemetry. No domain word lives here."""
