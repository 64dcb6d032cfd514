"""Strategies: from bars to decisions, one compiled step a bar."""
