"""What a checklist must be before anybody is measured by it."""

from auditapp.domain.checklist_rules.advice import advise, plain_halls
from auditapp.domain.checklist_rules.documents import check_checklist, ids_of

__all__ = ["advise", "check_checklist", "ids_of", "plain_halls"]
