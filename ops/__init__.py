"""The `shaodao` command: starts, watches and stops one world (its servers and its processes) on one machine."""
