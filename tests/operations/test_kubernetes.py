"""The manifests of deploy/kubernetes are what Kubernetes and KEDA take, and fit this version."""

import json
import re
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.db import connection

from documents import queue
from documents.uploads.resumable import part_files
from documents.worker import GRACE
from tests.operations.test_deployment import settings_read
from tests.processes import ROOT
from tests.services import missing

FOLDER = ROOT / "deploy" / "kubernetes"
VERSION = "1.31"
KEDA = json.loads((ROOT / "tests/operations/keda.schema.json").read_text())
DOCUMENTS = [
    (path.name, document)
    for path in sorted(FOLDER.glob("*.yaml"))
    if path.name != "kustomization.yaml"
    for document in yaml.safe_load_all(path.read_text())
]
OF_KEDA = [each for _, each in DOCUMENTS if each["apiVersion"].startswith("keda.sh")]
OF_KUBERNETES = [(name, each) for name, each in DOCUMENTS if each not in OF_KEDA]
PODS = {
    each["metadata"]["name"]: each["spec"]["template"]["spec"]
    for _, each in DOCUMENTS
    if each["kind"] in ("Deployment", "Job")
}


def the(kind):
    [found] = [each for _, each in DOCUMENTS if each["kind"] == kind]
    return found


@pytest.fixture
def schemas():
    try:
        import kubernetes_validate
    except ImportError:
        missing("kubernetes-validate is not installed (requirements/dev.txt)")
    return kubernetes_validate


@pytest.mark.parametrize(
    ("name", "document"), OF_KUBERNETES, ids=lambda it: it if isinstance(it, str) else it["kind"]
)
def test_every_manifest_is_one_that_kubernetes_takes(name, document, schemas):
    schemas.validate(document, VERSION, strict=True)


def test_a_wrong_manifest_is_noticed(schemas):
    wrong = the("Service") | {"spec": {"ports": [{"prot": 80}]}}
    with pytest.raises(schemas.ValidationError):
        schemas.validate(wrong, VERSION, strict=True)


@pytest.mark.parametrize("document", OF_KEDA, ids=lambda document: document["kind"])
def test_what_is_of_keda_is_as_its_documentation_has_it(document):
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.validate(document, KEDA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document | {"spec": document["spec"] | {"queries": []}}, KEDA)


def test_everything_is_named_in_the_kustomization_or_left_to_a_choice():
    named = set(yaml.safe_load((FOLDER / "kustomization.yaml").read_text())["resources"])
    assert {name for name, _ in DOCUMENTS} - named == {"secrets.yaml", "hpa.yaml"}


def test_every_setting_is_one_that_is_read():
    given = {*the("ConfigMap")["data"], *the("Secret")["stringData"]}
    assert given - settings_read() == set()
    assert not any(the("Secret")["stringData"].values())


def test_a_worker_has_time_to_give_back_what_runs():
    assert PODS["atom-worker"]["terminationGracePeriodSeconds"] >= GRACE + 5


@pytest.mark.parametrize("name", PODS)
def test_no_pod_may_more_than_it_needs(name):
    pod = PODS[name]
    [container] = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"]
    assert pod["automountServiceAccountToken"] is False
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    mounted = {each["mountPath"] for each in container["volumeMounts"]}
    assert {"/data", "/tmp"} <= mounted


@pytest.mark.parametrize("name", ["atom-web", "atom-worker"])
def test_what_has_come_of_an_upload_is_on_one_volume_for_all_pods(name):
    pod, claim = PODS[name], the("PersistentVolumeClaim")
    places = {each["mountPath"]: each["name"] for each in pod["containers"][0]["volumeMounts"]}
    folder = Path("/data") / settings.VAR_DIR.name / part_files.PARTS
    [volume] = [each for each in pod["volumes"] if each["name"] == places[str(folder)]]
    assert volume["persistentVolumeClaim"] == {"claimName": claim["metadata"]["name"]}
    assert claim["spec"]["accessModes"] == ["ReadWriteMany"]
    # By the runtime it would be made for root.
    assert str(folder.parent) in places


@pytest.mark.django_db
@pytest.mark.parametrize("probe", ["startupProbe", "readinessProbe", "livenessProbe"])
def test_probes_ask_what_is_answered_and_by_a_name_that_is(probe, client):
    [container] = PODS["atom-web"]["containers"]
    asked = container[probe]["httpGet"]
    host = {each["name"]: each["value"] for each in asked["httpHeaders"]}["Host"]
    assert client.get(asked["path"], headers={"host": host}).status_code == 200
    assert host in settings.ALLOWED_HOSTS


def test_each_worker_is_counted_with_the_slots_it_has():
    slots = the("ConfigMap")["data"]["ATOM_WORKER_SLOTS"]
    [trigger] = the("ScaledObject")["spec"]["triggers"]
    [metric] = the("HorizontalPodAutoscaler")["spec"]["metrics"]
    assert trigger["metadata"]["targetQueryValue"] == slots
    assert metric["external"]["target"]["averageValue"] == slots


def scaled_on():
    [trigger] = the("ScaledObject")["spec"]["triggers"]
    return trigger["metadata"]["query"]


def named_beside():
    """For whoever starts workers by something else."""
    page = (ROOT / "docs/growing.md").read_text()
    return page.partition("```sql\n")[2].partition("```")[0]


@pytest.mark.django_db
@pytest.mark.parametrize("query", [scaled_on(), named_beside()], ids=["KEDA", "page"])
def test_workers_are_scaled_on_what_waits_and_what_runs(query, upload, use_up, bob):
    for _ in range(3):
        upload()
    queue.claim_next("worker")
    upload(owner=bob)
    use_up(bob)  # Held until tomorrow: no worker can do anything for it.
    with connection.cursor() as cursor:
        cursor.execute(query)
        assert cursor.fetchone() == (3,)


def test_the_figure_it_may_be_scaled_on_instead_is_told():
    from documents.api import metrics

    [metric] = the("HorizontalPodAutoscaler")["spec"]["metrics"]
    name = metric["external"]["metric"]["name"].removeprefix("atom_")
    assert re.search(rf'_table\("{name}"', (ROOT / metrics.__file__).read_text())
