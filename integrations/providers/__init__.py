"""The providers ARO listens to. A new one is a module here and one line in `ADAPTERS`."""

from __future__ import annotations

from integrations.providers.acuity import Acuity
from integrations.providers.base import Adapter
from integrations.providers.calcom import Calcom
from integrations.providers.calendly import Calendly
from integrations.providers.custom import Custom
from integrations.providers.easyappointments import EasyAppointments
from integrations.providers.square import Square
from integrations.providers.stripe import Stripe
from integrations.providers.twilio import TwilioSms, TwilioStatus

ADAPTERS: dict[str, Adapter] = {
    adapter.name: adapter
    for adapter in (
        Calendly(),
        Acuity(),
        Square(),
        Calcom(),
        Custom(),
        EasyAppointments(),
        Stripe(),
        TwilioSms(),
        TwilioStatus(),
    )
}
