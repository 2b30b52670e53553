"""The rules of the audit. Standard library only."""
