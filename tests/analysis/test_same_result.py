"""Whatever a model server can or cannot do, what is stored is the same."""

import pytest

from accounts.models import User
from documents.models import Status
from documents.pipeline.analysis import ModelServer, build_engine
from documents.worker import Worker
from tests.model_server import StandIn

TEXT = "".join(
    f"Section {n} of the report is about matter {n}. "
    f"Maria Lopez must send survey {n} to the insurer by 20 March 2026.\n\n"
    for n in range(1, 41)
)
MODES = ["no_schema", "no_json_object", "fenced", "think", "prose", "doubled_keys",
         "trailing_comma", "reasoning", "reasoning_without_schema"]  # fmt: skip


@pytest.fixture
def stored(upload):
    def run(mode):
        document = upload(text=TEXT, owner=User.objects.create_user(mode))
        with StandIn(mode) as model:
            server = ModelServer(model.base_url, "", retry_pause=0.01, chunk_tokens=400)
            Worker(slots=1, engine=build_engine("openai", server)).work_once()
        document.refresh_from_db()
        assert document.status == Status.COMPLETED
        return document.current_analysis.result

    return run


def without_figures(result):
    return {name: found for name, found in result.items() if name != "provenance"}


@pytest.mark.parametrize("mode", MODES)
def test_the_stored_result_is_the_same(mode, stored):
    asked_for_a_schema, other = stored("ok"), stored(mode)
    assert asked_for_a_schema["findings"]["key_points"]
    assert without_figures(other) == without_figures(asked_for_a_schema)
    assert other["provenance"]["calls"] == asked_for_a_schema["provenance"]["calls"]
