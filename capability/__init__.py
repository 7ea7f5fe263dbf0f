"""The shape every capability has: said once, carried out here. It stands on kernel and chassis."""
