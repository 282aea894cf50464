"""models/ knows no area by name, and its documentation says what the code says."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from models import areas, catalogue

ROOT = Path(catalogue.__file__).parent
GENOPTRAENING = areas.get("genoptraening")
NAMES = {
    *GENOPTRAENING.by_name,
    *GENOPTRAENING.level_codes,
    *(code.code for code in (*GENOPTRAENING.reasons, *GENOPTRAENING.teams) if "_" in code.code),
    GENOPTRAENING.name,
    "§ 140",
}


@pytest.mark.parametrize("path", sorted(ROOT.glob("*.py")), ids=lambda path: path.name)
def test_no_module_outside_the_area_names_it_or_its_questions(path: Path) -> None:
    words = path.read_text(encoding="utf-8").lower()
    named = {name for name in NAMES if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words)}
    assert not named


def test_the_table_of_questions_is_fresh() -> None:
    text = catalogue.README.read_text(encoding="utf-8")
    assert catalogue.refreshed(text) == text, "run: python -m models.catalogue --write"
    table = text.split("<!-- questions: genoptraening -->")[1]
    assert all(f"\n| `{question.name}` |" in table for question in GENOPTRAENING.questions)


def test_a_model_answers_without_a_learning_library_a_web_server_or_a_database() -> None:
    program = (
        "import sys, models.evidence, models.record, models.labels; "
        "heavy = {'sklearn', 'shap', 'pandas', 'flask', 'sqlalchemy', 'sqlmodel', 'training', 'service'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT.parent
    )
    assert told.stdout.strip() == "[]"
