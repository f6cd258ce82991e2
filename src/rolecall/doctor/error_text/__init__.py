"""Error messages that a user pastes: what they say, whom they are about, what they mean."""
