"""Other explainers' own contributions of one case, in an environment of their own.

    python -m venv var/peers && var/peers/bin/pip install explainerdashboard shapash
    .venv/bin/python tests/bench/run.py explanations

They bring some ninety packages, and shapash one that is named `tests`, so that neither can live beside ours.
The bench lays the fitted model, its background and one case in a folder, and has this file run there: nothing
of ours is imported. It prints the seconds of one case, the median of several, as JSON.
"""

import json
import pickle
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

PYTHON = Path("var", "peers", "bin", "python")
"""The interpreter of their environment, where somebody has made one."""
EXPLAINERDASHBOARD, SHAPASH = "explainerdashboard", "shapash"
NAMES = (EXPLAINERDASHBOARD, SHAPASH)
MODEL, TIMES = "peers.pickle", 3
PATIENCE = 900


def lay(folder: Path, model: Any, background: Any, case: Any) -> None:
    """What they explain: a fitted model, its background and one case, as floats."""
    with (folder / MODEL).open("wb") as file:
        pickle.dump((model, background, case), file)


def seconds_of(name: str, folder: Path, python: Path = PYTHON) -> float | None:
    """What one case takes a peer; None where it is not installed. A peer that fails raises RuntimeError."""
    if not python.exists():
        return None
    words = [str(python.absolute()), str(Path(__file__).absolute()), name, str(folder)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE, cwd=folder, check=False)
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr[-1500:]}")
    told = json.loads(done.stdout.splitlines()[-1])
    return None if told is None else float(told)


def _explainerdashboard(model: Any, background: Any, case: Any) -> Callable[[], Any]:
    """The table of contributions behind its page of one case, as its documentation asks for it."""
    from explainerdashboard import ClassifierExplainer

    explainer = ClassifierExplainer(
        model, background, model_output="logodds", shap="tree", labels=[str(each) for each in model.classes_]
    )
    return lambda: explainer.get_contrib_df(X_row=case, pos_label=0)


def _shapash(model: Any, background: Any, case: Any) -> Callable[[], Any]:
    """Compile for one case, as its documentation explains a prediction; it chooses the explainer itself."""
    from shapash import SmartExplainer
    from shapash.backend.shap_backend import ShapBackend

    # Left to itself it would measure the case against itself.
    explainer = SmartExplainer(model=model, backend=ShapBackend(model=model, masker=background))
    return lambda: explainer.compile(x=case)


def _framed(rows: Any) -> Any:
    import pandas

    return pandas.DataFrame(rows, columns=[f"q{place:02d}" for place in range(rows.shape[1])])


def main(name: str, folder: Path) -> None:
    """Measure one peer and print the seconds, or null where it is not installed."""
    with (folder / MODEL).open("rb") as file:
        model, background, case = pickle.load(file)
    background, case = _framed(background), _framed(case)
    try:
        makers = {EXPLAINERDASHBOARD: _explainerdashboard, SHAPASH: _shapash}
        work = makers[name](model, background, case)
        work()
    except ModuleNotFoundError as missing:
        if missing.name != name:
            raise
        print("null")
        return
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    print(json.dumps(median(taken)))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
