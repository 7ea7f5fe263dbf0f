"""Domain words shared by all services: codes, areas, work calendar, deadlines, policy packs, masking, numbers."""
