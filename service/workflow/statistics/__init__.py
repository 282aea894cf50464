"""The team's practice in numbers: cases, never people. Nothing leaves this room before suppression."""
