"""Why a profile does not work: the question, the answer, and the screen."""
