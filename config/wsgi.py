"""The application, for any WSGI server; ARO's own is `python -m config.web`."""

import django
from django.core.wsgi import get_wsgi_application

from aro.ops import settings_module
from config import keys, tracing

settings_module.choose()
keys.refuse_missing()
django.setup(set_prefix=False)
keys.refuse_foreign()
# Traces are made by a middleware: who wants them has every request go through all of them.
traced = tracing.start("web")
whole = get_wsgi_application()

# isort: split
# What follows has models: Django is set up by now.
from integrations.inbound.door import Door  # noqa: E402

application = whole if traced else Door(whole)
