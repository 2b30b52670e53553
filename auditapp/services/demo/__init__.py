"""The demonstration: a fictional company with six months of visits."""
