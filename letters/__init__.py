"""What outsiders write: a queue of its own, whose senders the broker vouches for, and in which nothing is trusted."""
