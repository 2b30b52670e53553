"""Scoring what was sent, and finding what a reviewer should look at."""
