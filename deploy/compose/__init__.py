"""How Shaodao is run by `docker compose`: its secrets, its first job, and a world that stands for the project."""
