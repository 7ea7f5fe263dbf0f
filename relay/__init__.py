"""The program that publishes what a service recorded: python -m relay SERVICE. It needs psycopg and amqp alone."""
