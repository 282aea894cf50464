"""What the extract calls things, for the citizen."""

from service.workflow.rights.kinds import KINDS

TEXTS = ("text", "citizens_view", "reflection", "note", "words", "on_behalf", "reason")
"""What people have written in a step, in the order in which it is told."""

RIGHTS = {code: kind.label for code, kind in KINDS.items()}

STEPS = {
    "received": "Planen kom",
    "facts": "Oplysningerne blev skrevet ned",
    "taken": "En sagsbehandler tog sagen",
    "assessment": "Sagsbehandlerens egen vurdering",
    "consultation": "En kollega blev spurgt til råds",
    "consultation_answer": "Kollegaens svar",
    "suggestion": "Det, systemet viste",
    "exploration": "Sagsbehandleren prøvede, hvad systemet ville vise med andre oplysninger",
    "decision": "Beslutningen",
    "planning": "Forløbet blev planlagt",
    "letter": "Brevet til dig",
    "returned_answer": "Der kom svar på noget, vi manglede",
    "closed": "Sagen blev lukket",
    "delivery": "En indberetning om dit forløb",
    "erasure_refusal": "Afslag på sletning",
    "log_review": "Et opslag i sagen blev kontrolleret",
    "citizen_code": "Du fik en engangskode",
    "citizen_code_use": "Engangskoden blev brugt",
    "representation": "En fuldmagt",
    "fact_report": "Du sagde, at en oplysning er forkert",
    "fact_report_answer": "Svar om oplysningen",
    "review_draw": "Sagen blev trukket ud til en skønsprøve",
    "trial_allocation": "Der blev trukket lod om, om sagen skulle have grundlag",
    "second_judgement": "En kollegas egen vurdering i skønsprøven",
    "right_request": "Du brugte en rettighed",
    "right_step": "Svar om din rettighed",
}
