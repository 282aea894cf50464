"""Her deadline, what follows when it is not kept, and what she has chosen herself."""

from datetime import date

from service.workflow import deadline_reminder
from service.workflow.case_file import CaseFile
from service.workflow.letter.course import day

PRIVATE = "privat"
"""The place of a plan that is her own choice (a code of `Area.places`)."""
TOLD_AND_STAYED = "frit_valg_afslaaet"
"""How a start was agreed with one who would not choose another place (a code of `Area.start_statuses`)."""

COMING = "Husk dagen. Har du ikke hørt fra os, så ring nu."
PAST = "Den dag er gået. Du må nu selv vælge et privat sted blandt dem, vi har en aftale med."
ELSE = "Kan vi ikke nå det, må du selv vælge et privat sted blandt dem, vi har en aftale med."


def deadlines_of(file: CaseFile, today: date) -> tuple[str, ...]:
    """The last day of an offer and what follows; once it is past without one, that the choice is hers.

    Without an appointment she is reminded from day 5; of what she has chosen nothing more is asked.
    """
    due, first = file.case.due_on, file.planning.first_date if file.planning else None
    since = "den dag, planen siger" if file.case.start_after else "den dag, du kom hjem"
    said = f"Vi skal tilbyde dig en start senest den {day(due)}. Det er syv dage efter {since}."
    if chosen_by_her(file):
        return (said, "Det, du selv har valgt, koster dig ikke noget.")
    if today > due and (first is None or first > due):
        return (said, PAST, "Det koster dig ikke noget. Ring til os, så hjælper vi dig.")
    near = file.planning is None and deadline_reminder.is_near(due, today)
    return (said, *((COMING,) if near else ()), ELSE, "Det koster dig ikke noget.")


def chosen_by_her(file: CaseFile) -> str:
    """What she chose herself of where to train, as it is recorded; "" where she has not chosen."""
    if file.planning is None:
        return ""
    if file.planning.place == PRIVATE:
        return "Du har selv valgt et privat sted, og det gælder."
    if file.planning.start_status == TOLD_AND_STAYED:
        return "Du måtte vælge et andet sted, men ville hellere træne hos os."
    return ""
