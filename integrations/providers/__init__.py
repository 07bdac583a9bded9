"""The providers ARO listens to. A new one is a module here and one line in `ADAPTERS`."""

from __future__ import annotations

from integrations.providers.acuity.webhook import Acuity
from integrations.providers.calcom.webhook import Calcom
from integrations.providers.calendly.webhook import Calendly
from integrations.providers.custom.webhook import Custom
from integrations.providers.easyappointments.webhook import EasyAppointments
from integrations.providers.shared.base import Adapter
from integrations.providers.square.webhook import Square
from integrations.providers.stripe.webhook import Stripe
from integrations.providers.twilio.webhook import TwilioSms, TwilioStatus

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
