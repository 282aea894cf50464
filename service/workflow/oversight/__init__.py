"""Overseeing one case: every entry in order, held against its row, part and seal, and who looked.

For whoever audits. Nothing here changes a case, and nothing leans on the case being whole: what was erased,
tampered with or cannot be read is shown as that.
"""

from service.workflow.oversight.looks import Look, Looks, looks_at
from service.workflow.oversight.timeline import Moment, Timeline, find_by_serial, timeline_of

__all__ = ["Look", "Looks", "Moment", "Timeline", "find_by_serial", "looks_at", "timeline_of"]
