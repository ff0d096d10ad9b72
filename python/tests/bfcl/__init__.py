"""Multi-turn scenarios of the Berkeley Function Calling Leaderboard as programs, with their tools.

The collection (PyPI `bfcl-eval`, Apache-2.0) is fetched into the user's cache, never kept here."""
