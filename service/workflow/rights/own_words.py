"""The rights in the citizen's own words: short, and with nothing that only we know."""

MAY_WE = {
    "without_system": "Må vi bruge systemet i din sag?",
    "similar_cases": "Må vi vise din sag, når en anden ligner dig? Dit navn er ikke med.",
    "training": "Må systemet lære af din sag? Dit navn er ikke med.",
}
"""Each use she can say yes or no to. She need not say why."""

ASK_FIRST = {
    "other_sources": "Må vi spørge hjemmeplejen om det, vi mangler at vide om dig?",
}
"""What we do only after a yes. Until she has answered, the answer is no."""

ASKED_FOR = {
    "access": "Få alt, vi har om dig",
    "objection": "Sig nej til, at systemet bruger dine data",
    "restriction": "Bed os vente med at bruge dine data",
    "rectification": "Få noget rettet",
    "complaint": "Klag over det, vi har besluttet",
    "representation": "Lad en anden tale for dig",
    "human_contact": "Tal med et menneske",
}
"""What she can ask for in one step."""

BY_POWER = "Den, der har fuldmagt i sagen."
