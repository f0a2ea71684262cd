"""What `manage.py doctor` finds, and what it advises."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from documents.models import WorkerHeartbeat
from documents.operations import doctor, engine_doctor
from documents.operations.checks import Verdict
from documents.pipeline.analysis.model import probe
from documents.pipeline.analysis.model.probe import Report
from tests.model_server import StandIn


def findings(checks):
    return [(finding.verdict, finding.text) for finding in checks]


def test_a_sound_installation_is_called_sound(db, capsys):
    WorkerHeartbeat.objects.create(name="w", host="h", pid=1, slots=4)
    call_command("doctor")
    said = capsys.readouterr().out
    assert "BROKEN" not in said
    assert "1 workers are running" in said


def test_whatever_is_not_good_comes_with_a_remedy(db):
    found = list(doctor.examine())
    assert all(finding.remedy for finding in found if finding.verdict != Verdict.GOOD)


def test_something_broken_ends_with_exit_code_one(db, settings, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    settings.MEDIA_ROOT = tmp_path / "file" / "media"
    with pytest.raises(CommandError) as stop:
        call_command("doctor")
    assert stop.value.returncode == 1
    said = capsys.readouterr().out
    assert "BROKEN  Uploads cannot be stored" in said
    assert "-> Make the folder writable" in said


@pytest.mark.parametrize(
    ("version", "verdict"), [((3, 10, 14), "broken"), ((3, 11, 0), "good"), ((3, 14, 1), "good")]
)
def test_an_old_python_is_broken(version, verdict):
    assert doctor.examine_python(version).verdict == verdict


@pytest.mark.parametrize(
    ("version", "verdict"), [((3, 40, 1), "warning"), ((3, 51, 2), "warning"), ((3, 51, 3), "good")]
)
def test_a_sqlite_with_the_wal_bug_is_warned_about(version, verdict):
    assert doctor.examine_sqlite(version).verdict == verdict


@pytest.mark.parametrize(
    ("room", "verdict"), [(0, "broken"), (500 * 1024**2, "warning"), (1024**4, "good")]
)
def test_a_full_disk_is_noticed_before_it_is_full(room, verdict):
    assert doctor.examine_space(room).verdict == verdict


@pytest.mark.parametrize(
    ("mode", "verdict"), [(0o600, "good"), (0o640, "broken"), (0o604, "broken")]
)
def test_secrets_that_others_can_read_are_broken(tmp_path, mode, verdict):
    path = tmp_path / "secrets.json"
    path.write_text("{}")
    path.chmod(mode)
    assert doctor.examine_secrets(path).verdict == verdict


def test_secrets_from_the_environment_need_no_file(tmp_path):
    assert doctor.examine_secrets(tmp_path / "none").verdict == Verdict.GOOD


@pytest.mark.parametrize(("engine", "verdict"), [("offline", "warning"), ("openai", "broken")])
def test_missing_certificates_are_broken_only_where_a_model_server_is_used(
    settings, monkeypatch, engine, verdict
):
    settings.ANALYSIS_ENGINE = engine
    nowhere = type("Paths", (), {"cafile": None, "capath": None})
    monkeypatch.setattr(doctor.ssl, "get_default_verify_paths", lambda: nowhere)
    assert doctor.examine_certificates().verdict == verdict


def test_an_empty_folder_of_certificates_counts_as_none(monkeypatch, settings, tmp_path):
    settings.ANALYSIS_ENGINE = "openai"
    paths = type("Paths", (), {"cafile": str(tmp_path / "none.pem"), "capath": str(tmp_path)})
    monkeypatch.setattr(doctor.ssl, "get_default_verify_paths", lambda: paths)
    assert doctor.examine_certificates().verdict == Verdict.BROKEN
    (tmp_path / "authority.pem").write_text("")
    assert doctor.examine_certificates().verdict == Verdict.GOOD


def test_the_engine_in_use_is_named(settings):
    settings.ANALYSIS_ENGINE = "offline"
    assert "no text leaves this machine" in engine_doctor.examine_engine().text
    settings.ANALYSIS_ENGINE = "openai"
    settings.OPENAI_BASE_URL = "http://127.0.0.1:11434/v1"
    assert "http://127.0.0.1:11434/v1" in engine_doctor.examine_engine().text


@pytest.fixture
def model(settings):
    with StandIn() as model:
        settings.ANALYSIS_ENGINE = "openai"
        settings.OPENAI_BASE_URL, settings.OPENAI_API_KEY = model.base_url, "sk-secret"
        settings.ATOM_MODEL = "llama3"
        settings.ATOM_MODEL_DEADLINE = 5
        yield model


@pytest.mark.parametrize(
    ("mode", "requests", "words"),
    [
        ("ok", 1, ["llama3 answered in", "takes a JSON Schema", "tokens in"]),
        ("no_schema", 2, ["no JSON Schema but answers in JSON"]),
        ("no_json_object", 3, ["neither JSON Schema nor JSON mode"]),
        ("reasoning", 3, ["max_completion_tokens", "no temperature"]),
        ("fenced", 1, ["takes a JSON Schema"]),
    ],
)
def test_what_a_model_server_can_do_is_said_in_words(model, mode, requests, words):
    model.mode = mode
    [finding] = engine_doctor.examine_model()
    assert finding.verdict == Verdict.GOOD
    assert all(each in finding.text for each in words)
    assert model.requests == requests


def test_a_model_that_cannot_write_json_is_warned_about(model):
    model.mode = "not_json"
    [finding] = engine_doctor.examine_model()
    assert finding.verdict == Verdict.WARNING
    assert "not the object asked for" in finding.text
    assert "ATOM_MODEL" in finding.remedy


@pytest.mark.parametrize(
    ("mode", "text", "remedy"),
    [
        ("401", "rejected the API key", "OPENAI_API_KEY"),
        ("quota", "no quota left", "top up"),
        ("404", "does not know the model llama3, which ATOM_MODEL names", "ATOM_MODEL"),
        ("disconnect", "could not be reached", "check the model server"),
        ("400", "rejected the request", "OPENAI_BASE_URL"),
    ],
)
def test_a_model_server_that_does_not_answer_is_broken_and_asked_once(model, mode, text, remedy):
    model.mode = mode
    [finding] = engine_doctor.examine_model()
    assert finding.verdict == Verdict.BROKEN
    assert text in finding.text
    assert remedy in finding.remedy
    assert model.requests == 1


def test_the_announced_end_of_a_model_is_told_with_its_absence_and_its_date(model, settings):
    settings.ATOM_MODEL, model.mode = "gpt-4.1", "404"
    [finding] = engine_doctor.examine_model()
    assert "ATOM_MODEL" in finding.text
    assert "2027-01-14" in finding.text


def test_the_end_of_a_model_is_warned_about_where_openai_itself_serves_it(settings, monkeypatch):
    settings.OPENAI_BASE_URL, settings.ATOM_MODEL = "", "gpt-4.1"
    answer = Report("It answered.", is_usable=True, ends="It ends on 2027-01-14.", ends_soon=True)
    monkeypatch.setattr(engine_doctor, "probe_server", lambda server: answer)
    works, ends = engine_doctor.examine_model()
    assert (works.verdict, ends.verdict) == (Verdict.GOOD, Verdict.WARNING)
    assert "2027-01-14" in ends.text


def test_the_model_is_asked_only_where_one_is_configured(db, settings, model):
    call_command("doctor")
    assert model.requests == 1
    settings.ANALYSIS_ENGINE = "offline"
    call_command("doctor")
    assert model.requests == 1


def test_notes_about_settings_are_repeated(db, settings):
    settings.SETTING_NOTES = ["JWT_SECRET_KEY still holds the placeholder."]
    assert (Verdict.WARNING, settings.SETTING_NOTES[0]) in findings(doctor.examine())


def test_unapplied_migrations_are_broken(db, monkeypatch):
    monkeypatch.setattr(doctor, "unapplied_migrations", lambda: 3)
    *_, finding = doctor.examine_database()
    assert finding.verdict == Verdict.BROKEN
    assert "migrate" in finding.remedy


def test_waiting_documents_without_a_worker_are_warned_about(upload):
    upload(), upload()
    finding = doctor.examine_workers()
    assert finding.verdict == Verdict.WARNING
    assert "2 documents wait" in finding.text


def test_a_slow_server_is_measured_and_the_deadline_is_named(model, settings, monkeypatch):
    monkeypatch.setattr(probe, "SLOW_SECONDS", 0.5)
    settings.ATOM_MODEL_DEADLINE, model.delay = 30, 0.6
    works, slow = engine_doctor.examine_model()
    assert (works.verdict, slow.verdict) == (Verdict.GOOD, Verdict.GOOD)
    assert "tokens a second" in slow.text
    assert "the deadline is 30 s (ATOM_MODEL_DEADLINE)" in slow.text
    settings.ATOM_MODEL_DEADLINE = 12
    _, slow = engine_doctor.examine_model()
    assert slow.verdict == Verdict.WARNING
    assert "may not be done within 12 s" in slow.text
    assert "ATOM_MODEL_DEADLINE to" in slow.remedy


def test_a_listed_end_is_warned_about_and_a_listed_context_is_told(model):
    model.listed = {"id": "llama3", "shutdown_date": "2020-01-31", "n_ctx": 8192}
    works, ends = engine_doctor.examine_model()
    assert "it reads 8,192 tokens at once" in works.text
    assert "Its provider has announced that llama3 was shut down on 2020-01-31" in ends.text
