"""What the API takes and gives, as models that refuse unknown fields; the description is made of them."""

from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Answer = str | int | float | list[str] | None
"""One answer as a form would send it: a code, a number, codes, "ukendt", or null for not answered."""

LONGEST_KEY = 128


class _Sent(BaseModel):
    """What is sent: strict in its names, so that a misspelt field is never silently left out."""

    model_config = ConfigDict(extra="forbid", str_max_length=20_000)


class FactsSent(_Sent):
    """What the caseworker read from the plan, by the names of the declaration."""

    answers: dict[str, Answer] = Field(max_length=200)


class JudgementSent(_Sent):
    """Her own judgement on the version of the facts she read."""

    choice: str
    confidence: str = Field(description="tvivl, nogenlunde eller sikker")
    read_version: int = Field(description="Den version af oplysningerne, hun læste.")
    answers: dict[str, Answer] = Field(default_factory=dict, max_length=200)
    wants_evidence: bool = True
    reflection: str = Field(default="", description="Hvad der taler for og imod. Bliver ikke målt.")
    opened_at: AwareDatetime
    key: str = Field(min_length=8, max_length=LONGEST_KEY, description="Samme nøgle igen gemmer ikke igen.")


class DecisionSent(_Sent):
    """Her decision, and what weighed most: asked of everyone."""

    choice: str
    reason_code: str
    second_reason_code: str | None = None
    text: str = ""
    citizens_view: str = Field(default="", description="Hvad borgeren selv vil, som det blev hørt.")
    key: str = Field(min_length=8, max_length=LONGEST_KEY, description="Samme nøgle igen gemmer ikke igen.")
    replaces: str | None = Field(default=None, description="Beslutningen, som denne retter.")


class Choice(BaseModel):
    """A code and the words people read."""

    code: str
    label: str


class FactTold(BaseModel):
    """One fact as it stands."""

    name: str
    label: str
    value: Answer
    words: str
    source: str
    known_at: datetime | None
    marked_wrong: bool


class FactsTold(BaseModel):
    """The facts of a case, and what may be answered today."""

    version: int
    state: str
    facts: list[FactTold]
    options: list[Choice]
    reasons: list[Choice]


class Access(BaseModel):
    """Who asks, and the token for what changes something."""

    username: str
    role: str
    unit: str
    csrf_token: str


class JudgementTold(BaseModel):
    """A stored judgement. What follows from it is asked for at `grundlag`."""

    id: str
    at: datetime


class EvidenceTold(BaseModel):
    """What was shown, or why nothing was. In the mode "overblik" nothing names one level or a probability.

    `because` are the calculation's own reasons for its silence, in words; empty unless it is silent.
    """

    id: str
    outcome: str
    reason: str | None
    sentence: str | None
    because: list[str]
    mode: str
    model_version: str | None
    template_version: str
    payload: dict[str, Any] | None


class LogPlace(BaseModel):
    """Where the entry of a step stands."""

    shard: str
    seq: int
    leaf_hash: str


class DecisionTold(BaseModel):
    """A stored decision with its receipt."""

    id: str
    at: datetime
    sentence: str
    log: LogPlace


class Problem(BaseModel):
    """What went wrong, as a Danish sentence, and where, when it is about single fields."""

    error: str
    fields: dict[str, str] = Field(default_factory=dict)
