"""The calls that need several rooms; the root package hands them out."""
