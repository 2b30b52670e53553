"""Auditapp: one fair monthly score per service hall."""
