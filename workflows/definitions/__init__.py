"""The stories that ARO plays. Each module reads from top to bottom as what happens to one visit."""

from workflows.definitions.deposit import DEPOSIT_REQUEST
from workflows.definitions.deposit_v1 import DEPOSIT_REQUEST_V1
from workflows.definitions.deposit_v2 import DEPOSIT_REQUEST_V2
from workflows.definitions.engagement import ENGAGEMENT, ENGAGEMENT_V1
from workflows.definitions.no_show import NO_SHOW_RECOVERY
from workflows.definitions.reminders import REMINDERS
from workflows.definitions.reminders_v1 import REMINDERS_V1
from workflows.definitions.repeated_no_shows import REPEATED_NO_SHOWS

SHIPPED = (REMINDERS, DEPOSIT_REQUEST, NO_SHOW_RECOVERY, REPEATED_NO_SHOWS, ENGAGEMENT)
# Earlier versions, as long as runs of them may live.
FORMER = (DEPOSIT_REQUEST_V1, DEPOSIT_REQUEST_V2, ENGAGEMENT_V1, REMINDERS_V1)
