"""The shipped briefs."""

from pathlib import Path

from auditapp.domain.briefs import Briefs
from auditapp.gateways.checklist_files import CHECKLIST_DIR, load_yaml


def load_briefs(folder: Path = CHECKLIST_DIR) -> Briefs:
    """Return the briefs of every scenario."""
    briefs: Briefs = load_yaml(folder / "_briefs.yaml").document
    return briefs
