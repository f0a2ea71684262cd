"""What exists: documents, what was found in them, their events, calls to models, workers."""

from documents.models.analyses import ActionItem as ActionItem
from documents.models.analyses import Analysis as Analysis
from documents.models.budget_holds import BudgetHold as BudgetHold
from documents.models.counters import Counter as Counter
from documents.models.documents import FINISHED as FINISHED
from documents.models.documents import RUNNING as RUNNING
from documents.models.documents import Document as Document
from documents.models.documents import DocumentQuerySet as DocumentQuerySet
from documents.models.documents import Page as Page
from documents.models.documents import Status as Status
from documents.models.events import LowWaterMark as LowWaterMark
from documents.models.events import StatusEvent as StatusEvent
from documents.models.installation import FileRemoval as FileRemoval
from documents.models.installation import Installation as Installation
from documents.models.model_calls import ModelCall as ModelCall
from documents.models.open_circuits import OpenCircuit as OpenCircuit
from documents.models.uploads import UploadReceipt as UploadReceipt
from documents.models.workers import WorkerHeartbeat as WorkerHeartbeat
from documents.models.write_probes import WriteProbe as WriteProbe
