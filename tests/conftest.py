"""What every test may ask for. The parts stand in tests/parts/, one module each."""

pytest_plugins = [
    "tests.parts.needs",
    "tests.parts.browser",
    "tests.parts.postgres",
    "tests.parts.database",
    "tests.parts.demo",
    "tests.parts.web",
    "tests.parts.gunicorn",
    "tests.parts.trained",
    "tests.parts.town",
]
