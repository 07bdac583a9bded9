"""What ARO says: which wording applies, how values get into it, and the linter that guards both."""
