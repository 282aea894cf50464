"""The web floor: HTTP and nothing else, with the same rooms as the workflow.

A room is a module with a constant `blueprint`. To add one, write its name here.
Every route is `@guarded(Action.X)` or `@open_to_all` (service.web.guard); pages extend `base.html`.
"""

ROOMS = ("service.web.health",)
"""The modules whose blueprints the application takes in, in the order a case meets them."""
