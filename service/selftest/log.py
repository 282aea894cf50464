"""Does the end of each open log fit its head, and what was sealed of it?"""

from service.database import reading
from service.selftest.findings import Finding, Installation, fault, in_order
from service.selftest.log_tail import Misfit, RolledBack, examine, open_shards, sealed_state


def log(place: Installation) -> Finding:
    """The last entries of each open shard, its head, and its newest checkpoint fit together."""
    seals, origin = place.settings.seals, place.settings.origin
    with reading(place.engine) as session:
        shards = open_shards(session, place.now)
    try:
        for shard in shards:
            # The checkpoint first: the log may only have grown since.
            sealed = sealed_state(seals, shard, origin)
            examine(place.engine, shard, sealed, seals / shard)
    except RolledBack as older:
        return fault(
            f"{older}. An older database was put in place; declare it with: skoen restore",
            "Databasen er sat tilbage til et tidligere tidspunkt, og noget, der var gemt, mangler.",
            where=older.where,
        )
    except Misfit as misfit:
        return fault(
            f"{misfit}. See more with: skoen log verify",
            "Hændelsesloggen passer ikke med sig selv. Noget er ændret eller beskadiget.",
            where=misfit.where,
        )
    return in_order(
        f"The newest entries fit their heads and seals: {', '.join(shards)}.",
        "De nyeste poster i hændelsesloggen er, som de blev skrevet.",
    )
