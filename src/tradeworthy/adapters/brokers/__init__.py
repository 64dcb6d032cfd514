"""Brokers: so far the paper broker, which deals on replayed bars."""
