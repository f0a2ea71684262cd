"""Log in, upload three files, wait and read, by the client that openapi-generator makes."""

from __future__ import annotations

import json
import sys
import time

from atom_openapi import ApiClient, Configuration, Login
from atom_openapi.api import DocumentsApi, FindingsApi, LoginApi
from atom_openapi.exceptions import NotFoundException

url, name, password, *texts = sys.argv[1:]
pair = LoginApi(ApiClient(Configuration(host=url))).login(Login(username=name, password=password))
client = ApiClient(Configuration(host=url, access_token=pair.access))
documents, findings = DocumentsApi(client), FindingsApi(client)
files = [(f"{number}.txt", text.encode()) for number, text in enumerate(texts)]
answer = documents.upload(files, external_id="case 17")
details = []
for document in answer.uploaded:
    while not documents.get_document_status(str(document.id)).is_finished:
        time.sleep(0.2)
    details.append(documents.get_document(str(document.id)))
try:
    documents.get_document("00000000-0000-0000-0000-000000000000")
except NotFoundException as refused:
    code = json.loads(refused.body)["code"]
items = findings.list_action_items().results
print(
    json.dumps(
        {
            "me": LoginApi(client).get_me().username,
            "indexes": [each.index for each in answer.uploaded],
            "external_ids": [each.external_id for each in details],
            "summaries": [each.analysis.summary for each in details],
            "pages": [findings.list_pages(str(each.id)).results[0].text for each in details],
            "file": documents.download_file(str(details[0].id)).decode(),
            "tasks": [[item.task, item.assignee] for item in items],
            "problem": code,
        }
    )
)
