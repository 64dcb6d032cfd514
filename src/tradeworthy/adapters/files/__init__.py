"""Files that people have: bars and trade histories, and the real data that comes inside dependencies."""
