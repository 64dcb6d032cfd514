"""Fills, costs and the kernel that turns decisions into trades."""
