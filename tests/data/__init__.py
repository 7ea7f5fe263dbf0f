"""Tables of examples with their sources, and how tests read them."""
