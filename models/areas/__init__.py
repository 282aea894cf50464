"""The visitation areas: one file (or one folder) each, found by name.

An area is a module in this package with a constant AREA.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from models.declaration import Area

_registered: dict[str, Area] = {}


def register(area: Area) -> Area:
    """Make an area known that lies outside this package; a second one of the same name raises ValueError."""
    if area.name in names() and _registered.get(area.name) is not area:
        raise ValueError(f"there is an area named {area.name!r} already")
    _registered[area.name] = area
    return area


def names() -> tuple[str, ...]:
    """The names of all areas, sorted."""
    shipped = {module.name for module in iter_modules(__path__)}
    return tuple(sorted(shipped | _registered.keys()))


def get(name: str) -> Area:
    """The area of that name; an unknown name raises KeyError."""
    return _registered[name] if name in _registered else _shipped(name)


@cache
def _shipped(name: str) -> Area:
    """The area of a module here; it is asked for once a case, and the folder is read once."""
    if name not in names():
        raise KeyError(f"no visitation area {name!r}; there are {', '.join(names())}")
    area: Area = import_module(f"models.areas.{name}").AREA
    return area


@contextmanager
def registered(area: Area) -> Iterator[Area]:
    """Make an area known for a while, as `register` does for good."""
    register(area)
    try:
        yield area
    finally:
        del _registered[area.name]
