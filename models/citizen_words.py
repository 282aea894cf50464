"""What a letter to a citizen calls things."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class CitizenWords:
    """What a letter calls things to the citizen, in plain words. What has no words here goes by its label.

    `law` says on what law a choice rests, as whole sentences. `offers` completes "Du får …", `weighed`
    completes "Vi lagde vægt på …", `known` tells a fact as a whole sentence, by question and code. `why` says
    what a fact is needed for, as whole sentences, by the question's own `purpose`.
    """

    law: Mapping[str, str] = field(default_factory=dict)
    offers: Mapping[str, str] = field(default_factory=dict)
    weighed: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    why: Mapping[str, str] = field(default_factory=dict)
