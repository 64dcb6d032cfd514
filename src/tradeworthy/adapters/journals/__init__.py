"""Journals of a desk in databases: SQLite in a file, or PostgreSQL by URL, with the same tables."""
