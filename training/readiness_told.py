"""What a readiness report comes to, in sentences: what the records carry and lack, and what waits ahead."""

from collections.abc import Iterator, Mapping
from typing import Any

CARRIES = {"model": "model and similar cases", "similar_only": "similar cases only", "nothing": "nothing yet"}
TIERS = {"model": "a model", "similar_only": "similar cases alone"}


def sentences(found: Mapping[str, Any]) -> Iterator[str]:
    """The report in plain words, the answer first. `found` is what `training.readiness.readiness` gives."""
    yield f"{found['cases']} cases can carry: {CARRIES[found['carries']]}."
    if found["carries"] == "nothing":
        yield "Until there is more the service shows no evidence, and gathers judgements with their facts."
    for tier in TIERS:
        lacks = found["missing"][tier]
        if lacks:
            yield f"For {TIERS[tier]} there must be {_listed([_needed(found, each) for each in lacks])}."
    if found["foreseen"]:
        yield from _ahead(found["foreseen"])


def _needed(found: Mapping[str, Any], each: Mapping[str, Any]) -> str:
    """One thing that is missing, by how much."""
    there, needed = each["there_is"], each["needed"]
    counted = f"they count as {int(there)} of {needed}"
    if each["what"] == "cases":
        return f"{each['more']} more cases that people judged ({counted})"
    if each["what"] == "level":
        label = {level["level"]: level["label"] for level in found["levels"]}[each["name"]]
        return f"{each['more']} more of level »{label}« ({counted})"
    if each["what"] == "facts":
        return f"more facts that half the cases know ({there:.0%} of the facts now, {needed:.0%} needed)"
    label = {fact["name"]: fact["label"] for fact in found["facts"]}[each["name"]]
    return f"more cases that know »{label}« ({there:.0%} now, {needed:.0%} needed)"


def _ahead(told: Mapping[str, Any]) -> Iterator[str]:
    """What the gate would say of a version of these cases."""
    member, shared, adds = told["membership"], told["shared"], told["proportion"]
    if member:
        low, high = member["interval"]
        yield (
            f"An attack on a {member['kind']} model of these finds whom it learned from in "
            f"{member['auc']:.1%} of pairs ({low:.1%} to {high:.1%}; {member['n']} cases). "
            f"The gate refuses a version when the whole interval lies above {member['most']:.0%}."
        )
    if member and member["refused"]:
        yield f"It would refuse a version of these cases. About {member['cases_needed']} cases would do."
    alone = shared["cases"] - shared["by_enough"]
    if shared["facts"]:
        yield (
            f"In {shared['by_enough']} of {shared['cases']} cases at least {shared['least']} share all that "
            f"a neighbour could know ({', '.join(shared['facts'])}). Of the other {alone} less is shown."
        )
    if shared["refused"]:
        yield f"The gate refuses a version that shows no case: gather until {shared['least']} are alike."
    if not adds["measured"]:
        yield (
            f"What each fact adds cannot be measured with {adds['cases']} cases; "
            f"from about {adds['cases_needed']} on it can. Until then a version uses every fact."
        )


def _listed(parts: list[str]) -> str:
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last
