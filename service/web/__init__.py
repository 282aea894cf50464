"""The web floor: HTTP and nothing else, with the same rooms as the workflow.

A room is a module with a constant `blueprint`. To add one, write its name here.
Every route is `@guarded(Action.X)` or `@open_to_all` (service.web.guard); pages extend `base.html`.
"""

ROOMS = (
    "service.web.health",
    "service.web.sign_in",
    "service.web.about",
    "service.web.inbox",
    "service.web.intake",
    "service.web.case",
    "service.web.assessment",
    "service.web.consultation",
    "service.web.suggestion",
    "service.web.decision",
    "service.web.planning",
    "service.web.letter",
    "service.web.correction",
    "service.web.statistics",
    "service.web.mirror",
    "service.web.model",
    "service.web.catalogue",
    "service.web.unit",
    "service.web.all_units",
    "service.web.registers",
    "service.web.oversight",
    "service.web.log_control",
    "service.web.operations",
    "service.api.cases",
)
"""The modules whose blueprints the application takes in, in the order a case meets them."""
