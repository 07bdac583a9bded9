"""`make eval`: how well replies are read, on texts written by people who never saw the rules."""
