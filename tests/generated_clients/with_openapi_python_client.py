"""Log in, upload three files, wait and read, by the client that openapi-python-client makes."""

from __future__ import annotations

import io
import json
import sys
import time
import uuid

from atom_client import AuthenticatedClient, Client
from atom_client.api.documents import download_file, get_document, get_document_status, upload
from atom_client.api.findings import list_action_items, list_pages
from atom_client.api.login import get_me, login
from atom_client.models import DocumentDetail, Login, Problem, UploadAnswer, UploadBody
from atom_client.types import File

url, name, password, *texts = sys.argv[1:]
pair = login.sync(client=Client(url), body=Login(name, password))
client = AuthenticatedClient(url, pair.access)
files = [
    File(io.BytesIO(text.encode()), f"{number}.txt", "text/plain")
    for number, text in enumerate(texts)
]
answer = upload.sync(client=client, body=UploadBody(files, external_id="case 17"))
assert isinstance(answer, UploadAnswer), answer
details = []
for document in answer.uploaded:
    while not get_document_status.sync(document.id, client=client).is_finished:
        time.sleep(0.2)
    details.append(get_document.sync(document.id, client=client))
assert all(isinstance(each, DocumentDetail) for each in details)
missing = get_document.sync(uuid.UUID(int=0), client=client)
assert isinstance(missing, Problem)
items = list_action_items.sync(client=client).results
print(
    json.dumps(
        {
            "me": get_me.sync(client=client).username,
            "indexes": [each.index for each in answer.uploaded],
            "external_ids": [each.external_id for each in details],
            "summaries": [each.analysis.summary for each in details],
            "pages": [list_pages.sync(each.id, client=client).results[0].text for each in details],
            "file": download_file.sync_detailed(details[0].id, client=client).content.decode(),
            "tasks": [[item.task, item.assignee] for item in items],
            "problem": missing.code,
        }
    )
)
