"""Mediation 调解议事: dispute cases, willingness, mediators, helpers, sessions, agreements and what became of them."""
