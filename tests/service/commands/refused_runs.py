"""Runs of verbs that are refused, of those that the log must tell of all the same."""

UNIT = ["--municipality", "0999", "--unit", "Træning Nord"]

REFUSED: dict[tuple[str, ...], list[str]] = {
    ("users", "add"): ["alma", "--name", "A", *UNIT, "--role", "visitator", "--password", "skoen-demo"],
    ("users", "grant"): ["nobody", *UNIT, "--role", "visitator"],
    ("users", "revoke"): ["alma", *UNIT, "--role", "tilsyn"],
    ("users", "set-password"): ["nobody", "--password", "skoen-demo"],
    ("units", "add"): ["X", "--municipality", "99", "--municipality-name", "X"],
    ("unit", "stop"): ["Træning Nord", "--by", "nobody", "--reason", "x"],
    ("stop",): ["--all", "--reason", "x", "--by", "Ada Friis, administrator", "--municipality", "0001"],
    ("release",): ["--all", "--reason", " ", "--by", "ada"],
    ("phase", "set"): ["drift", "--municipality", "0999"],
    ("phase", "show"): ["--municipality", "0001"],
    ("data", "export-outcomes"): ["--out", "o.csv", "--municipality", "0001"],
    ("decisions", "export"): ["--out", "d.jsonl", "--municipality", "0001"],
    ("access", "reviews"): ["--municipality", "0001"],
    ("rights", "list"): ["--municipality", "0001"],
}
"""Runs that are refused; they leave their entry all the same."""
