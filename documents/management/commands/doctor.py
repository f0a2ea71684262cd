"""Say what is wrong with this installation, and what to do about it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError

from documents.operations import doctor
from documents.operations.checks import Verdict
from documents.operations.standing import DataCommand


class Command(DataCommand):
    help = "Say what is wrong with this installation, and what to do about it."
    requires_system_checks = ()  # It must run where little else does.

    def handle(self, **options: Any) -> None:
        verdicts = []
        for finding in doctor.examine():
            verdicts.append(finding.verdict)
            self.stdout.write(f"{finding.verdict.upper():8}{finding.text}")
            if finding.remedy:
                self.stdout.write(f"{'':8}-> {finding.remedy}")
        if Verdict.BROKEN in verdicts:
            raise CommandError("Something is broken; see above.", returncode=1)
