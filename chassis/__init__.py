"""What every service stands on: store, outbox, inbox, identity, telemetry. No domain word and no broker lives here."""
