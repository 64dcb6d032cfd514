"""Columnar bars, what is wrong with them, when their market is open. Pure: arrays and records in and out."""
