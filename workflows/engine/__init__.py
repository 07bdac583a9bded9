"""The engine: definitions as data, runs as rows, steps as pure functions. See docs/how-it-works.md."""
