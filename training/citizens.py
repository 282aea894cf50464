"""Citizens who do not exist: names nobody bears, addresses nowhere, replacement numbers instead of CPR."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

REPLACEMENT = 60
"""Added to the day of birth: so is a number that stands in for a CPR number, and no living person has it."""


@dataclass(frozen=True)
class Citizen:
    """An invented identity. `sex` is "kvinde" or "mand", as far as anybody says."""

    cpr: str
    name: str
    address: str
    phone: str
    age: int
    sex: str


def invented(
    words: Mapping[str, Any], town: str, age: int, sex: str, on: date, rng: np.random.Generator
) -> Citizen:
    """One citizen of a given age on a day; the same generator state gives the same citizen."""
    people = words.get("citizens", {})
    first = _one(people.get(sex) or ["Navnløs"], rng)
    last = _one(people.get("surnames") or ["Prøvesen"], rng)
    street = _one(people.get("streets") or ["Prøvevej"], rng)
    house, digits = 1 + int(rng.random() * 98), rng.integers(0, 10, 4)
    pairs = f"{digits[0]}{digits[1]} {digits[2]}{digits[3]}"
    return Citizen(
        cpr=replacement_number(_birthday(age, on, rng), sex, rng),
        name=f"{first} {last}",
        address=f"{street} {house}, {town}",
        phone=f"00 00 {pairs}",
        age=age,
        sex=sex,
    )


def replacement_number(born: date, sex: str, rng: np.random.Generator) -> str:
    """Day + 60, month, year and a serial of the right century; even for women, odd for men."""
    century_digit = int(rng.integers(4, 10)) if born.year >= 2000 else int(rng.integers(0, 4))
    middle = int(rng.integers(0, 100))
    last = 2 * int(rng.integers(0, 5)) + (sex == "mand")
    return f"{born.day + REPLACEMENT:02d}{born:%m%y}{century_digit}{middle:02d}{last}"


def _birthday(age: int, on: date, rng: np.random.Generator) -> date:
    """A day on which somebody was born who is `age` years old on a date."""
    latest = on.replace(year=on.year - age, day=min(on.day, 28))
    return latest - timedelta(days=int(rng.random() * 364))


def _one(choices: list[str], rng: np.random.Generator) -> str:
    return choices[int(rng.random() * len(choices))]
