"""What gunicorn does with the web processes: `--config python:service.web_process`.

The program is loaded once, by the process that minds the others: they share its memory, and one that dies is
replaced at once. Each puts itself where it cannot open the signing key before it makes the application, and
opens its own keys and connections. New code takes a new start; a reload does not load it.
"""

import gc
import os
from importlib import import_module
from typing import Any

from service.config import Settings
from service.sandbox import shut_out


def on_starting(server: Any) -> None:
    """Gunicorn's hook, called once, before any process is started. Loads the program, and opens nothing."""
    # A request is one thread's work. With more, linear algebra waits for itself on a busy machine: a year's
    # statistics took 22 seconds instead of a fifth of one. NumPy reads this when it is loaded.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    import_module("service.app")
    for room in import_module("service.web").ROOMS:
        import_module(room)
    # A collection writes to everything that it looks at. What is loaded now stays for good, so nobody looks,
    # and the processes go on sharing it.
    gc.collect()
    gc.freeze()


def post_fork(server: Any, worker: Any) -> None:
    """Gunicorn's hook, called in the new process. What the kernel cannot do, file modes must; it is told."""
    try:
        is_shut_out = shut_out(Settings.from_environment())
    except OSError as error:
        server.log.warning("The web cannot be kept from the signing key by Landlock: %s", error.strerror)
        return
    if not is_shut_out:
        server.log.warning("This kernel has no Landlock: run the signer as a user of its own.")
