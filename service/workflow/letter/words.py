"""Words that a letter does not use, and reasons that are none."""

import re

LINT = re.compile(
    r"fordi modellen|skyldes|årsag til|forårsager|anbefaler|foreslår|AI mener|"
    r"computeren har (?:besluttet|vurderet)|korrekte? (?:svar|niveau)|risikoborger|override",
    re.IGNORECASE,
)
"""Words that claim a cause, recommend, or judge the person who decided otherwise."""

_SYSTEM = (
    r"(?:it-|edb-)?(?:systemet|programmet|modellen|beregningsmodellen|beregningen|algoritmen|computeren|maskinen|"
    r"robotten|AI'?en|AI|kunstig intelligens)"
)
_SAID = (
    r"(?:foresl(?:og|ået|ås)|anbefal(?:ede|et|es)|peg(?:ede|er|et)|sig(?:er)?|sagde|vis(?:te|er)|valgte|vælger|"
    r"beslutte(?:de|r)|vurdere(?:de|r)|mente|mener|beregnede|beregner|regnede|kom frem|nåede|gav|giver|angav|"
    r"angiver|ville have|vil have)"
)
THE_SYSTEM_SAID_SO = re.compile(
    rf"\b{_SYSTEM}\s+(?:har\s+|havde\s+|også\s+|selv\s+|tydeligt\s+|klart\s+)*{_SAID}\b"
    rf"|\b{_SAID}\s+{_SYSTEM}\b"
    rf"|\b(?:af|ifølge|efter|fra|fulgte|følger|fulgt|enig med|på linje med|baseret på|bygger på|"
    rf"på baggrund af|på grund af|støtte i|tillid til)\s+{_SYSTEM}\b"
    rf"|\b(?:systemets|programmets|modellens|beregningens|algoritmens|computerens|maskinens|AI'?ens)\s+\w+",
    re.IGNORECASE,
)
"""The system as a reason: what it said, what was said by it, or that it was followed."""

OTHERS_GOT_IT = re.compile(
    r"\b(?:lignende|tilsvarende|samme slags)\s+sager\b|\bde fleste\b|\bflertallet\b|\bplejer (?:vi )?at\b|"
    r"\b\d+ af (?:de )?\d+\b|\bpraksis\b|\b[Gg]rundlaget\b",
    re.IGNORECASE,
)
"""What others were given: no reason by itself, fine beside one about this person."""
