"""What runs the operations: nameko, eventlet and RabbitMQ, and little else of the platform knows them (ADR 1, 24)."""
