"""Every defence, with the mutation that takes it out and the test that has to notice."""

from __future__ import annotations

from tests.security.mutations.access import ACCESS
from tests.security.mutations.answers import ANSWERS_OF_MODELS
from tests.security.mutations.brokers import BROKERS
from tests.security.mutations.claims import CLAIMS
from tests.security.mutations.confinement import CONFINEMENT
from tests.security.mutations.duties import TASKS
from tests.security.mutations.files import FILES
from tests.security.mutations.layout import LAYOUT
from tests.security.mutations.limits import LIMITS
from tests.security.mutations.logins import LOGINS
from tests.security.mutations.mutation import Mutation
from tests.security.mutations.page_images import PAGE_IMAGES
from tests.security.mutations.programs import PROGRAMS
from tests.security.mutations.recognition import RECOGNITION
from tests.security.mutations.resumable import RESUMABLE
from tests.security.mutations.servers import SERVERS
from tests.security.mutations.settings import SETTINGS
from tests.security.mutations.sight import SIGHT
from tests.security.mutations.staff import STAFF
from tests.security.mutations.traces import TRACES
from tests.security.mutations.words import WORDS

MUTATIONS: list[Mutation] = [
    *ACCESS,
    *LOGINS,
    *WORDS,
    *LIMITS,
    *FILES,
    *PROGRAMS,
    *SETTINGS,
    *BROKERS,
    *STAFF,
    *CONFINEMENT,
    *LAYOUT,
    *SIGHT,
    *RECOGNITION,
    *CLAIMS,
    *SERVERS,
    *ANSWERS_OF_MODELS,
    *TASKS,
    *PAGE_IMAGES,
    *TRACES,
    *RESUMABLE,
]
