"""What runs the operations: nameko, eventlet and RabbitMQ, and nothing else of the platform knows them (ADR 1, 24)."""
