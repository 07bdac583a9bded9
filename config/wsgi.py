"""The web server's entry."""

import os
import signal

import django
from django.core.wsgi import get_wsgi_application

from aro.ops import kernel, settings_module
from config import keys, tracing
from config.env import env

if env.bool("ARO_SUPERVISED", default=False):
    # granian serves from a child of its own, which would outlive a granian that was killed, and keep the port.
    kernel.die_with_parent(signal_number=signal.SIGKILL, parent=os.getppid())
settings_module.choose()
keys.refuse_missing()
django.setup(set_prefix=False)
keys.refuse_foreign()
tracing.start("web")
application = get_wsgi_application()
