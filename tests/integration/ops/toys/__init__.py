"""Services that do next to nothing, for tests of what starts and stops services."""
