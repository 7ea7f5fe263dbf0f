"""What an operator runs in a service's image: migrations, reference data, sealing anew."""
