"""What gunicorn does with each web process it starts: `--config python:service.web_process`.

Each puts itself where it cannot open the signing key, before it loads any of the application.
"""

import os
from typing import Any

from service.config import Settings
from service.sandbox import shut_out


def post_fork(server: Any, worker: Any) -> None:
    """Gunicorn's hook, called in the new process. What the kernel cannot do, file modes must; it is told."""
    # A request is one thread's work. With more, linear algebra waits for itself on a busy machine: a year's
    # statistics took 22 seconds instead of a fifth of one. NumPy reads this when it is loaded.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        is_shut_out = shut_out(Settings.from_environment())
    except OSError as error:
        server.log.warning("The web cannot be kept from the signing key by Landlock: %s", error.strerror)
        return
    if not is_shut_out:
        server.log.warning("This kernel has no Landlock: run the signer as a user of its own.")
