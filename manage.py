#!/usr/bin/env python
"""`python manage.py FAMILY:VERB` is the same as `aro FAMILY:VERB`."""

import sys

from aro.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
