"""The one reason why there is no export: a sentence that says what does not fit, or what to do first."""

from service.errors import SkoenError


class ExportRefused(SkoenError):
    """Nothing was exported, and no file is left."""

    status = 409
    sentence = "Nothing was exported."
