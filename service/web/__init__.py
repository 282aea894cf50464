"""The web floor: HTTP and nothing else, with the same rooms as the workflow.

Pages lie in the room they belong to; what every page shares (forms, sessions, guards, errors) lies beside.
A module with pages has a constant `blueprint`. To add one, write its name here.
Every route is `@guarded(Action.X)` or `@open_to_all` (service.web.guard); pages extend `base.html`.
"""

ROOMS = (
    "service.web.governance.health",
    "service.web.sign_in",
    "service.web.access_rules",
    "service.web.public.about",
    "service.web.public.glossary",
    "service.web.public.notice",
    "service.web.public.algorithm",
    "service.web.intake.inbox",
    "service.web.intake",
    "service.web.assessment.case",
    "service.web.assessment",
    "service.web.assessment.consultation",
    "service.web.suggestion",
    "service.web.decision",
    "service.web.decision.planning",
    "service.web.letter",
    "service.web.rights",
    "service.web.citizen_page.helping",
    "service.web.citizen_page.looking",
    "service.web.citizen_page",
    "service.web.citizen_page.rights",
    "service.web.decision.correction",
    "service.web.statistics",
    "service.web.statistics.mirror",
    "service.web.double_review",
    "service.web.effect.deadlines",
    "service.web.effect.effect",
    "service.web.effect.survey",
    "service.web.capacity",
    "service.web.practice_room",
    "service.web.competence",
    "service.web.governance.model",
    "service.web.governance.lineage",
    "service.web.public.catalogue",
    "service.web.governance.unit",
    "service.web.governance.all_units",
    "service.web.governance.registers",
    "service.web.governance.go_live",
    "service.web.oversight",
    "service.web.log_control",
    "service.web.protection",
    "service.web.leadership",
    "service.web.governance.operations",
    "service.api.cases",
)
"""The modules whose blueprints the application takes in, in the order a case meets them."""
