"""What each column of a decided case means, in Danish; a column without words raises KeyError."""

from flask_babel import gettext


def column_words(name: str) -> str:
    """The meaning of one column of `models.record` that is no question."""
    return {
        "request_id": gettext(
            "Afsenderens id for planen. Binder sag og udfald sammen; siger intet om borgeren."
        ),
        "reference_key": gettext(
            "Sagens tilfældige nøgle blandt de lignende sager. Kun kommunen ved, hvilken sag det er."
        ),
        "area": gettext("Området for visitationen."),
        "municipality": gettext("Kommunekoden."),
        "received_on": gettext("Dagen, hvor planen blev modtaget."),
        "discharged_on": gettext("Dagen for udskrivning."),
        "start_after": gettext("Dagen, opstart tidligst må ske, når planen siger det."),
        "contact_from": gettext("Første dag i kontakten med sygehuset."),
        "contact_to": gettext("Sidste dag i kontakten med sygehuset."),
        "plan_type": gettext("Planens type, som sygehuset har valgt den."),
        "decided_at": gettext("Tidspunktet for beslutningen."),
        "judged_at": gettext("Tidspunktet for egen vurdering."),
        "own_level": gettext("Egen vurdering, gemt før noget grundlag blev vist."),
        "own_corrected_after_evidence": gettext("Om vurderingen er rettet, efter at grundlaget blev vist."),
        "reference_level": gettext("Det niveau, flest lignende sager fik, da grundlaget blev vist."),
        "model_level": gettext("Beregningens eget niveau."),
        "model_version": gettext("Den modelversion, der blev spurgt."),
        "final_level": gettext("Beslutningen."),
        "reason_code": gettext("Det, der blev lagt mest vægt på."),
        "arm": gettext("Om sagen var i stikprøven uden grundlag."),
        "shown": gettext("Om grundlaget blev vist."),
        "withheld_reason": gettext("Hvorfor grundlaget ikke blev vist."),
        "phase": gettext("Den fase, kommunen var i, da sagen blev besvaret."),
        "label_source": gettext(
            "Hvor niveauet kommer fra: egen vurdering, beslutning, ældre sag eller ukendt."
        ),
        "origin": gettext("Om sagen kommer fra gamle data eller er besluttet i Skøn."),
        "forms": gettext("Formen, der blev planlagt."),
        "team": gettext("Teamet, der blev planlagt."),
        "place": gettext("Stedet, der blev planlagt."),
        "outcome_status": gettext("Hvordan forløbet gik."),
        "level_changed": gettext("Om niveauet blev ændret inden for seks uger."),
        "started": gettext("Om forløbet kom i gang."),
        "days_to_start": gettext("Dage fra udskrivning til den første kontakt."),
        "sessions": gettext("Antal kontakter, der blev holdt."),
    }[name]
