"""Set-wise arithmetic of the month, for all halls at once: NumPy, no tables."""
