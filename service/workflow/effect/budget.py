"""What a case may cost in keys, held by a browser test on every path (tests/journeys/test_four_paths.py)."""

KEYS_TO_DECIDE = 13
"""From the inbox to the saved decision, whatever is judged and decided."""
MOST_KEYS_WHOLE_CASE = 60
"""Read, judged, decided and planned by keyboard alone."""
