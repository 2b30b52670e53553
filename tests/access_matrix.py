"""Who may use which route; a new one is added here, or the house's rules fail.

Written by hand and not read from the routes: this is what they are held against.
"""

from auditapp.domain.actor import Role

ANYBODY = frozenset()  # signed in or not
SIGNED_IN = frozenset(Role)
HEADQUARTERS = frozenset({Role.HEADQUARTERS})
OFFICE = HEADQUARTERS | {Role.ADMIN}
REGIONS = OFFICE | {Role.REGION_MANAGER}
DECIDERS = HEADQUARTERS | {Role.REGION_MANAGER}
MONTH_READERS = REGIONS | {Role.HALL_MANAGER}
LISTS = MONTH_READERS | {Role.AGENCY_SUPERVISOR, Role.INSPECTOR}
PHONES = frozenset({Role.AUDITOR, Role.INSPECTOR})
APPEAL_READERS = MONTH_READERS | {Role.AGENCY_SUPERVISOR}
AGENTS = frozenset({Role.CALLBACK_AGENT})
COMPLAINT_READERS = MONTH_READERS | AGENTS | {Role.DEPARTMENT}
COMPLAINT_OWNERS = HEADQUARTERS | {Role.DEPARTMENT, Role.HALL_MANAGER}
ACTION_READERS = MONTH_READERS | {Role.DEPARTMENT}
OBSTACLE_READERS = SIGNED_IN - {Role.AGENCY_SUPERVISOR}

_GROUPS = [
    (ANYBODY, "accounts", "ask_sign_out sign_in sign_out try_sign_in"),
    (
        SIGNED_IN,
        "accounts",
        "create_token profile revoke_token save_language sign_out_everywhere",
    ),
    (ACTION_READERS, "actions", "act export index photo show"),
    (REGIONS, "api", "index photo show"),
    (APPEAL_READERS, "appeals", "index photo show"),
    (APPEAL_READERS - {Role.HALL_MANAGER}, "appeals", "rates"),
    (frozenset({Role.HALL_MANAGER}), "appeals", "ask lodge result"),
    (DECIDERS, "appeals", "decide"),
    (OFFICE, "call_progress", "show"),
    (
        AGENTS,
        "calls",
        "answer finish index note outcome problem reveal show take_next undo",
    ),
    (OFFICE, "cases", "index"),
    (HEADQUARTERS, "cases", "choose"),
    (MONTH_READERS, "work_cards", "index show"),
    (HEADQUARTERS, "work_cards", "publish write"),
    (HEADQUARTERS, "pilots", "begin end"),
    (OFFICE, "pilots", "show"),
    (frozenset({Role.HALL_MANAGER}), "work_cards", "read"),
    (
        frozenset({Role.ADMIN}),
        "webhooks",
        "add again ask change index remove renew show switch try_out write",
    ),
    (HEADQUARTERS, "closings", "close release reopen"),
    (OFFICE, "closings", "ledger show"),
    (AGENTS, "complaints", "check reveal"),
    (COMPLAINT_READERS, "complaints", "index show"),
    (COMPLAINT_OWNERS, "complaints", "classify learn progress reply"),
    (OFFICE, "draft_items", "show"),
    (HEADQUARTERS, "draft_items", "add check move remove save"),
    (frozenset({Role.HALL_MANAGER}), "drills", "practise"),
    (OFFICE, "drafts", "changes"),
    (
        HEADQUARTERS,
        "drafts",
        "approve discard return_it set_month submit take_in",
    ),
    (OFFICE, "feedback", "show"),
    (ANYBODY, "feedback_link", "answer show thanks"),
    (
        PHONES,
        "field",
        "bundle form get_audit has_evidence put_audit put_evidence",
    ),
    (ANYBODY, "field_page", "manifest show worker"),
    (frozenset({Role.HALL_MANAGER}), "hall_months", "mine"),
    (MONTH_READERS, "hall_months", "profile sheet show source trend"),
    (LISTS, "halls", "checklist export index show"),
    (OFFICE, "hall_forms", "of_draft of_version"),
    (OFFICE, "hall_places", "index"),
    (HEADQUARTERS, "hall_places", "change"),
    (OFFICE, "hall_place_files", "export show"),
    (HEADQUARTERS, "hall_place_files", "apply look"),
    (frozenset({Role.HALL_MANAGER}), "hall_requests", "ask mine send"),
    (OFFICE, "hall_requests", "of_standard"),
    (HEADQUARTERS, "hall_requests", "reply"),
    (ANYBODY, "health", "alive ready"),
    (SIGNED_IN, "home", "show"),
    (
        OFFICE,
        "imports",
        "bring discard faults index save_columns show start",
    ),
    (SIGNED_IN, "inspections", "show"),
    (OFFICE | {Role.DEPARTMENT}, "departments", "export show"),
    (SIGNED_IN, "jobs", "show show_json"),
    (ANYBODY, "language", "switch_language switch_theme"),
    (OFFICE, "matrix", "draft show"),
    (HEADQUARTERS, "matrix", "set_cell"),
    (REGIONS, "months", "export index not_ranked show"),
    (OFFICE, "months_api", "show"),
    (OBSTACLE_READERS, "obstacles", "export index photo show"),
    (OBSTACLE_READERS - {Role.ADMIN}, "obstacles", "ask read send"),
    (frozenset({Role.HALL_MANAGER}), "obstacles", "join"),
    (HEADQUARTERS | {Role.DEPARTMENT}, "obstacles", "answer"),
    (HEADQUARTERS, "obstacles", "pass_on"),
    (ANYBODY, "openapi", "machine_readable readable"),
    (SIGNED_IN, "photos", "show"),
    (OFFICE, "policy_drafts", "show"),
    (HEADQUARTERS, "policy_drafts", "save"),
    (AGENTS, "promises", "index"),
    (ANYBODY, "receipts", "ask verify"),
    (OFFICE, "relevance", "item show"),
    (HEADQUARTERS, "relevance", "accept decline"),
    (DECIDERS, "redactions", "original restore"),
    (DECIDERS | {Role.AGENCY_SUPERVISOR}, "redactions", "save show"),
    (ANYBODY, "notifications", "worker"),
    (
        SIGNED_IN,
        "notifications",
        "chat email follow forget index read subscribe",
    ),
    (LISTS, "reports", "make show"),
    (MONTH_READERS | {Role.DEPARTMENT}, "month_reports", "make show"),
    (frozenset({Role.HALL_MANAGER}), "result_photos", "show"),
    (PHONES, "rescue", "take_in"),
    (DECIDERS, "reviews", "accept confirm reopen"),
    (DECIDERS | {Role.AGENCY_SUPERVISOR}, "reviews", "drop note send_back"),
    (HEADQUARTERS | {Role.AGENCY_SUPERVISOR}, "reviews", "hand_on"),
    (HEADQUARTERS, "reviews", "override"),
    (SIGNED_IN, "reviews", "show"),
    (DECIDERS, "revisits", "plan"),
    (REGIONS, "see", "export export_halls halls index items show"),
    (ANYBODY, "sms_replies", "take"),  # a signature proves who calls
    (HEADQUARTERS, "standards", "begin"),
    (OFFICE, "standards", "difference index show"),
    (ANYBODY, "transactions", "take"),
    (LISTS, "visits", "export index"),
    (OFFICE, "standard_files", "draft show version"),
    (HEADQUARTERS, "standard_files", "apply look"),
    (OFFICE, "draft_from_file", "show"),
    (HEADQUARTERS, "draft_from_file", "begin look"),
    (OFFICE, "what_ifs", "export index show"),
    (HEADQUARTERS, "what_ifs", "begin"),
]
MAY = {
    f"{feature}.{view}": roles
    for roles, feature, views in _GROUPS
    for view in views.split()
}
