"""What people see: JSON, one page, and the terminal."""
