"""From an SKS diagnosis code to one of the fourteen diagnosis groups.

SKS is the Danish ICD-10 with a leading D; the longest known prefix decides.
The grouping is the project's own assumption, made to be replaced by a municipality's.
"""

import re

SKS_PATTERN = re.compile(r"D[A-Z]\d{2}[0-9A-Z]{0,4}")

GROUP_BY_PREFIX = {
    "DM17": "knae", "DM22": "knae", "DM23": "knae", "DS80": "knae", "DS82": "knae", "DS83": "knae",
    "DZ966": "knae", "DS825": "fod", "DS826": "fod", "DS828": "fod",
    "DM75": "skulder", "DS40": "skulder", "DS42": "skulder", "DS43": "skulder", "DS46": "skulder",
    "DM19": "skulder",
    "DS52": "haand", "DS60": "haand", "DS61": "haand", "DS62": "haand", "DS63": "haand", "DS66": "haand",
    "DM18": "haand", "DG560": "haand", "DM65": "haand", "DM72": "haand",
    "DM40": "ryg", "DM42": "ryg", "DM43": "ryg", "DM47": "ryg", "DM48": "ryg", "DM50": "ryg", "DM51": "ryg",
    "DM53": "ryg", "DM54": "ryg", "DS12": "ryg", "DS13": "ryg", "DS22": "ryg", "DS32": "ryg",
    "DM16": "hofte", "DM24": "hofte", "DM70": "hofte", "DS73": "hofte", "DS76": "hofte",
    "DM20": "fod", "DM21": "fod", "DM76": "fod", "DM77": "fod", "DS86": "fod", "DS90": "fod", "DS92": "fod",
    "DS93": "fod", "DS96": "fod",
    "DS48": "amputation", "DS58": "amputation", "DS68": "amputation", "DS78": "amputation",
    "DS88": "amputation", "DS98": "amputation", "DZ89": "amputation",
    "DR54": "geriatri", "DR26": "geriatri", "DR29": "geriatri", "DR41": "geriatri", "DR53": "geriatri",
    "DE86": "geriatri", "DA41": "geriatri", "DN30": "geriatri", "DJ18": "geriatri",
    "DC": "kraeft", "DD0": "kraeft",
    "DI60": "apopleksi", "DI61": "apopleksi", "DI62": "apopleksi", "DI63": "apopleksi", "DI64": "apopleksi",
    "DI69": "apopleksi", "DS06": "apopleksi",
    "DG": "neuro",
    "DS72": "hoftebrud", "DS723": "andet", "DS724": "knae",
    "DI": "hjertelunge", "DJ": "hjertelunge",
}  # fmt: skip


def diagnosis_group(sks: str) -> str:
    """The group of an SKS D-code, by its longest known prefix; a code without one is "andet"."""
    for length in range(len(sks), 1, -1):
        group = GROUP_BY_PREFIX.get(sks[:length])
        if group is not None:
            return group
    return "andet"
