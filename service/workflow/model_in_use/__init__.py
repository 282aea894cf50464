"""Which model version answers: the shelf of versions, the gate before it, and who let one through."""
