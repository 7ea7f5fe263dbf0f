"""Services that exist for tests only."""
