"""What can be seen: one select per page or export, frozen dataclasses out."""
