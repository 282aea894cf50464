"""A model that was made before a citizen said no is named; one without her case is not."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from models.artifact import ArtifactRefused
from service.database import reading
from service.workflow import in_force
from service.workflow.model_in_use.holding import built_on
from tests.builders import a_case, an_admission
from tests.cast import Cast


@dataclass(frozen=True)
class KeysShelf:
    """A shelf on which each version holds some keys; one that is not there is damaged."""

    keys: dict[str, set[str]]

    def suggester(self, version: str, manifest_hash: str) -> Any:
        """What answers for a version, as far as its reference cases."""
        if version not in self.keys:
            raise ArtifactRefused("damaged", version)
        held = self.keys[version]
        return type("S", (), {"artifact": type("A", (), {"reference": Held(held)})})


@dataclass(frozen=True)
class Held:
    """The keys a version holds."""

    keys: set[str]

    def holds(self, key: str) -> bool:
        """Whether a case lies in it."""
        return key in self.keys


def test_the_versions_that_hold_her_case_are_named_newest_first(engine: Engine, cast: Cast) -> None:
    case = a_case(engine)
    with reading(engine) as session:
        own = in_force.reference_key(session, "0999", "request-1")
    for version in ("first", "without", "second", "gone"):
        an_admission(engine, cast.dan, version=version)
    shelf = KeysShelf({"first": {own}, "without": {"f" * 32}, "second": {own, "f" * 32}})

    with reading(engine) as session:
        assert built_on(session, shelf, case.citizen_id) == ("second", "first")  # type: ignore[arg-type]
        assert built_on(session, shelf, "nobody") == ()  # type: ignore[arg-type]


def test_the_key_is_only_the_services_to_compute(engine: Engine, cast: Cast) -> None:
    with reading(engine) as session:
        keys = {
            in_force.reference_key(session, *each)
            for each in (("0999", "request-1"), ("0998", "request-1"), ("0999", "request-2"))
        }

    assert len(keys) == 3
    assert all(len(key) == 32 for key in keys)
