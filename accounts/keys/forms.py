"""What somebody fills in for a new key."""

from __future__ import annotations

from django import forms

from accounts.keys.model import Scope

DAYS = {"30": "30 days", "90": "90 days", "365": "a year", "": "never"}


class KeyForm(forms.Form):
    name = forms.CharField(
        max_length=80, help_text="Which program it is for.", widget=forms.TextInput
    )
    scopes = forms.MultipleChoiceField(
        label="It may",
        choices=Scope.choices,
        initial=[Scope.READ, Scope.UPLOAD],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one."},
    )
    days = forms.TypedChoiceField(
        label="It ends after",
        choices=list(DAYS.items()),
        initial="90",
        coerce=int,
        empty_value=None,
        required=False,
    )
