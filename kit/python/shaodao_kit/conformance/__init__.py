"""The conformance check: the platform's side of the contract, played at a department's own desk."""
