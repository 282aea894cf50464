"""How the service is governed: phase and view of a unit, stop button, registers, model in use, and health."""
