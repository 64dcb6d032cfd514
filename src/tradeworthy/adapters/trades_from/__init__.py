"""Histories of trades that other platforms write, read into one table of closed trades."""
