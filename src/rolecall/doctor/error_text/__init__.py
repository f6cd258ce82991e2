"""Error messages that a user pastes: their parts, the profile that they are about, their meaning."""
