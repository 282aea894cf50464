"""Exports of the log as zip files that an outsider can check offline; see ../README.md for the format."""

from service.log.export.choice import Choice, OneCase, Sample, Whole
from service.log.export.errors import ExportRefused
from service.log.export.write import Exported, export

__all__ = ["Choice", "ExportRefused", "Exported", "OneCase", "Sample", "Whole", "export"]
