"""What is worked out from worlds that are played: counts, intervals, effects, and one world told."""
