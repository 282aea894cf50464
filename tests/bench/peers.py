"""Other explainers' own contributions of one case, in an environment of their own.

`make bench` installs them there (`peers.lock`). They bring a hundred packages, and shapash one that is named
`tests`, so that neither can live beside ours. The bench lays coded cases and how to fit them in a folder, and
has this file run there: nothing of ours is imported, and the same scikit-learn fits the same model. It prints
the seconds of one case, the median of several, as JSON.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

PYTHON = Path("var", "peers", "bin", "python")
"""The interpreter of their environment, once `make bench` has made it."""
EXPLAINERDASHBOARD, SHAPASH = "explainerdashboard", "shapash"
NAMES = (EXPLAINERDASHBOARD, SHAPASH)
MODEL, TIMES = "peers.json", 3
PATIENCE = 900


def lay(folder: Path, settings: Mapping[str, Any], codes: Any, level: Any, background: int) -> None:
    """What they explain: a model of coded cases (n, Q) and their levels; its background is the first rows."""
    rows = {"codes": codes.tolist(), "level": level.tolist()}
    text = json.dumps({"settings": dict(settings), "background": background, **rows})
    (folder / MODEL).write_text(text, encoding="utf-8")


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


def _fitted(told: Mapping[str, Any]) -> tuple[Any, Any, Any]:
    """The model, its background and the case after it, as frames with named columns."""
    import pandas
    from sklearn.ensemble import HistGradientBoostingClassifier

    rows, count = told["codes"], told["background"]
    columns = [f"q{place:02d}" for place in range(len(rows[0]))]
    frame = pandas.DataFrame(rows, columns=columns, dtype=float)
    model = HistGradientBoostingClassifier(**told["settings"]).fit(frame, told["level"])
    return model, frame.iloc[:count], frame.iloc[count : count + 1]


def main(name: str, folder: Path) -> None:
    """Measure one peer and print the seconds, or null where it is not installed."""
    makers = {EXPLAINERDASHBOARD: _explainerdashboard, SHAPASH: _shapash}
    if find_spec(name) is None:
        print("null")
        return
    work = makers[name](*_fitted(json.loads((folder / MODEL).read_text(encoding="utf-8"))))
    work()
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    print(json.dumps(median(taken)))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
