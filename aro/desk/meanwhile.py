"""Two people with one form open: what one saved is not silently replaced by what the other's page was filled with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    _Form = forms.BaseForm
else:
    _Form = object


class Carrying(_Form):
    """A form that carries what each field was filled with, and compares it with what the field is when it comes back.

    A form that carries nothing (from before, or a program's) is taken as it is.
    """

    # Whether a field that its reader left alone keeps what somebody else made of it; else that is refused, too.
    keeps_others = False

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        carries = not self.is_bound or any(name.startswith("initial-") for name in self.data)
        for field in self.fields.values():
            field.show_hidden_initial = carries and not (field.disabled or field.widget.is_hidden)

    def full_clean(self) -> None:
        changed = [name for name in self.fields if self._is_changed_by_others(name)] if self.is_bound else []
        kept = [name for name in changed if self.keeps_others and name not in self.changed_data]
        self._hold(kept, held=True)
        super().full_clean()
        self._hold(kept, held=False)
        for name in changed:
            if name not in kept and self.cleaned_data.get(name) != self[name].initial:
                self.add_error(name, self.changed_meanwhile(name))

    def changed_meanwhile(self, name: str) -> str:
        """What is said at the field."""
        return _("Somebody else changed this while you had the page open. Open the page again, then change it.")

    def _is_changed_by_others(self, name: str) -> bool:
        """Not when they made of it what is typed here: nothing is lost then, as with a button pressed twice."""
        bound, field = self[name], self.fields[name]
        if not field.show_hidden_initial:
            return False
        carried = field.hidden_widget().value_from_datadict(self.data, self.files, bound.html_initial_name)
        now, *sent = map(_unix, (bound.initial, carried, bound.data))
        return all(field.has_changed(now, one) for one in sent)

    def _hold(self, names: list[str], *, held: bool) -> None:
        """A field that is held takes what it is now, not what was sent."""
        for name in names:
            self.fields[name].disabled = held


def _unix(value: Any) -> Any:
    """Browsers send a line's end in their own way."""
    return value.replace("\r\n", "\n") if isinstance(value, str) else value
