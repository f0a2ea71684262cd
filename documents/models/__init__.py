"""What exists: documents, what was found in them, their events, calls to models, workers."""

from documents.models.documents import FINISHED as FINISHED
from documents.models.documents import RUNNING as RUNNING
from documents.models.documents import ActionItem as ActionItem
from documents.models.documents import Analysis as Analysis
from documents.models.documents import Document as Document
from documents.models.documents import DocumentQuerySet as DocumentQuerySet
from documents.models.documents import EventFloor as EventFloor
from documents.models.documents import Page as Page
from documents.models.documents import Status as Status
from documents.models.documents import StatusEvent as StatusEvent
from documents.models.documents import UploadReceipt as UploadReceipt
from documents.models.documents import WorkerHeartbeat as WorkerHeartbeat
from documents.models.model_calls import ModelCall as ModelCall
from documents.models.model_calls import OpenCircuit as OpenCircuit
