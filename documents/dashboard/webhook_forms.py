"""What somebody fills in for a webhook."""

from __future__ import annotations

from typing import Any

from django import forms

from documents.webhooks import addresses
from documents.webhooks.event_types import TYPES, USUAL


class WebhookForm(forms.Form):
    url = forms.CharField(
        label="Address",
        max_length=addresses.LONGEST,
        help_text="It begins with https://. Events are sent there by POST, signed.",
        widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false"}),
    )
    event_types = forms.MultipleChoiceField(
        label="Send when a document is",
        choices=[(name, f"{name}: {when}") for name, when in TYPES.items()],
        initial=list(USUAL),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one."},
    )

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        try:
            addresses.parse(url)
        except addresses.ForbiddenAddress as why:
            raise forms.ValidationError(str(why)) from None
        return url

    @property
    def wanted(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("url", "event_types")}
