"""The read model: one page and one timeline per case, and the desks, made from the events of all services."""
