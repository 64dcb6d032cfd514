"""The shell's hands: the only home of files, networks and databases."""
