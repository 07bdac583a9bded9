"""The pages of docs/reference, made from the code: `python -m docs.generate`. A test compares them with the files."""
