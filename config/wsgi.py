"""The application, for any WSGI server; ARO's own is `python -m config.web`."""

import django
from django.core.wsgi import get_wsgi_application

from aro.ops import settings_module
from config import keys, tracing

settings_module.choose()
keys.refuse_missing()
django.setup(set_prefix=False)
keys.refuse_foreign()
tracing.start("web")
application = get_wsgi_application()
