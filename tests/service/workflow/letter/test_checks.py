"""What is no reason, what is too long, and what somebody has not confirmed: each said in a sentence."""

import pytest

from service.workflow.letter.checks import (
    CONFIRMED,
    MOST_CHARACTERS,
    UNCONFIRMED,
    UNCONFIRMED_KEY,
    faults_of,
)
from service.workflow.letter.draft import Parts, draft_of, weighed_template
from tests.letters import BOTH, OWN, a_ground, parts_of

GROUND = a_ground()
TEMPLATE = weighed_template(GROUND)
LONG = "Du " + "går " * 20 + "hjem."


def fault(name: str, text: str) -> str:
    return faults_of(GROUND, parts_of(GROUND, **{name: text}), BOTH).get(name, "")


@pytest.mark.parametrize("name", ["weighed", "wish", "facts", "law"])
@pytest.mark.parametrize("text", ["", "  \n ", "...", "–"])
def test_an_empty_part_is_refused_by_name(name: str, text: str) -> None:
    assert fault(name, text).startswith("Skriv")


@pytest.mark.requirement("SK-04")
@pytest.mark.parametrize(
    "text",
    [
        TEMPLATE,
        TEMPLATE.upper(),
        f"{TEMPLATE}\n",
        TEMPLATE.replace(".", "!"),
        f"{TEMPLATE} Ja.",
        f"{TEMPLATE} {TEMPLATE}",
    ],
    ids=["as it is", "capitals", "a line", "a sign", "a word", "twice"],
)
def test_the_untouched_draft_is_no_reason_of_hers(text: str) -> None:
    assert "egne ord" in fault("weighed", text)


@pytest.mark.requirement("SK-04")
def test_what_she_wrote_at_the_decision_is_hers_already() -> None:
    ground = a_ground(own_words=OWN)

    assert faults_of(ground, draft_of(ground), BOTH) == {}
    assert "egne ord" in faults_of(ground, parts_of(ground, weighed=TEMPLATE), BOTH)["weighed"]


@pytest.mark.parametrize(
    "text",
    [
        "Systemet foreslog det.", "systemet har foreslået basalt niveau", "Det blev foreslået af systemet.",
        "Modellen pegede på det.", "It-systemet viste klart, at det var rigtigt.", "Vi fulgte systemet.",
        "Beregningen peger på basalt niveau.", "Det er besluttet efter modellens forslag.",
        "Ifølge computeren er det nok.", "AI'en mente det.", "Vi er enig med algoritmen.",
        "Du bor alene. Systemets svar var det samme.", "Det viste systemet.", "På baggrund af beregningen.",
        "Programmet kom frem til det.", "Kunstig intelligens vurderede din sag.",
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["weighed", "facts"])
def test_the_system_is_never_a_reason(name: str, text: str) -> None:
    assert fault(name, f"{OWN} {text}").startswith("Systemet er aldrig en grund (»")


@pytest.mark.parametrize(
    "text",
    [
        "Dit nervesystem er ramt, og du bor alene.", "Lægen foreslog, at du træner hver dag.",
        "Du fortalte om noget, som systemet ikke ved.", "Din fysioterapeut mente, at du kan mere.",
        "Du mener selv, at du kan gå med stok.", "Efter operationen har du haft svært ved at gå.",
    ],
)  # fmt: skip
def test_other_people_may_have_said_something(text: str) -> None:
    assert fault("weighed", text) == ""


@pytest.mark.parametrize(
    "text",
    ["De fleste lignende sager fik det.", "13 af 20 fik det samme niveau.", "Vi fulgte praksis på området."],
)
def test_what_others_got_is_not_enough_alone(text: str) -> None:
    assert fault("weighed", text).startswith("Det, andre fik")
    assert fault("weighed", f"{text} {OWN}") == ""


@pytest.mark.parametrize("word", ["skyldes", "Anbefaler", "risikoborger", "korrekt niveau", "årsag til"])
def test_a_word_of_the_list_is_refused_and_named(word: str) -> None:
    assert f"»{word}«" in fault("facts", f"Det {word} noget.")


@pytest.mark.parametrize("name", ["weighed", "wish", "facts", "law"])
def test_a_long_sentence_is_shown_with_its_count(name: str) -> None:
    said = fault(name, f"Du går godt i dag. {LONG}")

    assert "22 ord" in said
    assert f"»{LONG}«" in said
    assert "Du går godt i dag" not in said


def test_long_words_of_hers_are_not_refused() -> None:
    assert fault("weighed", "Genoptræningsindsatsen tilrettelægges tværfagligt.") == ""


def test_too_much_text_is_refused() -> None:
    assert fault("facts", "Du går. " * (MOST_CHARACTERS // 8 + 1)).startswith("Teksten må højst")


@pytest.mark.parametrize("name", CONFIRMED)
def test_what_is_not_confirmed_is_refused(name: str) -> None:
    others = [each for each in CONFIRMED if each != name]

    assert faults_of(GROUND, parts_of(GROUND), others) == {UNCONFIRMED_KEY: UNCONFIRMED[name]}


def test_everything_is_said_at_once_in_the_order_of_the_page() -> None:
    assert list(faults_of(GROUND, Parts("", "", "", ""), ())) == [
        "weighed", "wish", "facts", "law", UNCONFIRMED_KEY,
    ]  # fmt: skip
