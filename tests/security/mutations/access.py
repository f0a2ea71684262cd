"""Who may see what, and change it."""

from __future__ import annotations

from tests.security.mutations.mutation import Added, Body, Condition, Fragment, Mutation, Without

ACCESS = [
    Mutation(
        "documents belong to their owner",
        "DocumentQuerySet.visible_to",
        Body("return self.all()"),
        "tests/security/test_every_address.py::second_user",
    ),
    Mutation(
        "action items belong to the document's owner",
        "ActionItemQuerySet.visible_to",
        Body("return self.all()"),
        "tests/security/test_every_address.py::second_user",
    ),
    Mutation(
        "a to-do list belongs to its owner",
        "ActionItemQuerySet.listed_for",
        Body("return self.exclude(listed_for=None)"),
        "tests/todo/test_todo.py::never_see_each_others",
    ),
    Mutation(
        "of a feed's secret only the hash is kept",
        "feeds._hash",
        Body("return secret"),
        "tests/todo/test_feed.py::only_the_hash",
    ),
    Mutation(
        "the feed of somebody deactivated is silent",
        "feeds.owner_of",
        Fragment(", owner__is_active=True", ""),
        "tests/todo/test_feed.py::may_not_sign_in",
    ),
    Mutation(
        "tries of feeds are counted",
        "take_feed",
        Body("return None"),
        "tests/todo/test_feed.py::guessing_is_slowed",
    ),
    Mutation(
        "log lines mask the secret of a feed",
        "logs.masked",
        Body("return text"),
        "tests/todo/test_feed.py::no_log_line",
    ),
    Mutation(
        "an item is looked for under its own document",
        "document_views.tick",
        Fragment(", analysis__document=document", ""),
        "tests/security/test_every_address.py::only_found_under_its_own",
    ),
    Mutation(
        "pages want a login",
        "app_settings.MIDDLEWARE",
        Without("LoginRequiredMiddleware"),
        "tests/security/test_every_address.py::asked_who_he_is",
    ),
    Mutation(
        "the API wants a login",
        "api_settings.REST_FRAMEWORK",
        Fragment("IsAuthenticated", "AllowAny"),
        "tests/security/test_every_address.py::asked_who_he_is",
    ),
    Mutation(
        "forms carry a token",
        "app_settings.MIDDLEWARE",
        Without("CsrfViewMiddleware"),
        "tests/security/test_every_address.py::without_the_token_of_a_form",
    ),
    Mutation(
        "odd methods are refused",
        "app_settings.MIDDLEWARE",
        Without("KnownMethods"),
        "tests/security/test_every_address.py::methods_nobody_uses",
    ),
    Mutation(
        "no GET changes anything",
        "access.change",
        Body("return view"),
        "tests/security/test_every_address.py::no_get_changes",
    ),
    Mutation(
        "answers about documents are not cached",
        "OwnersView.finalize_response",
        Body("return super().finalize_response(request, response, *args, **kwargs)"),
        "tests/security/test_every_address.py::kept_by_no_cache",
    ),
    Mutation(
        "answers show what is meant",
        "DocumentSerializer.Meta.fields",
        Fragment("'filename'", "'filename', 'claimed_by'"),
        "tests/security/test_injection.py::shows_no_column",
    ),
    Mutation(
        "health tells strangers one word",
        "ReadinessView.get",
        Condition("is_staff", always=True),
        "tests/api/test_health.py::others_are_not_told",
    ),
    Mutation(
        "accidents show a reference",
        "_unforeseen",
        Fragment("UNFORESEEN_WORDS, reference=reference", "str(exc)"),
        "tests/project/test_problems.py::nobody_foresaw",
    ),
    Mutation(
        "every address is described",
        "UsageView.get",
        Fragment(
            "@describe.usage",
            "@__import__('drf_spectacular.utils').utils.extend_schema(exclude=True)",
        ),
        "tests/api/test_protocol.py::describes_every_address",
    ),
    Mutation(
        "an unknown status is refused",
        "lists.chosen",
        Condition("is_valid", always=False),
        "tests/api/test_lists.py::unknown_status",
    ),
    Mutation(
        "only finished documents are tried again",
        "queue.requeue",
        Condition("is_finished", always=False),
        "tests/api/test_moves.py::cannot_be_tried_again",
    ),
    Mutation(
        "finished documents are not cancelled",
        "queue.cancel",
        Condition("is_finished", always=False),
        "tests/api/test_moves.py::cannot_be_cancelled",
    ),
    Mutation(
        "an upload with a key is stored once",
        "intake.receive",
        Fragment("if not key:", "if True:"),
        "tests/uploads/test_idempotency.py::sent_at_once",
    ),
    Mutation(
        "signing in stays on this site",
        "SignInView",
        Added(
            "def get_success_url(self):\n"
            "    return self.request.POST.get('next') or self.request.GET.get('next') or '/'"
        ),
        "tests/accounts/test_pages.py::never_leads_to_another_site",
    ),
    Mutation(
        "the admin has no door of its own",
        "accounts.urls.urlpatterns",
        Without("admin_sign_in"),
        "tests/accounts/test_pages.py::same_door",
    ),
    Mutation(
        "the audit log is not deleted",
        "AuditEventQuerySet.delete",
        Body("return super().delete()"),
        "tests/accounts/test_audit.py::neither_changed_nor_deleted",
    ),
    Mutation(
        "the audit log is not changed",
        "AuditEventQuerySet.update",
        Body("return super().update(**changes)"),
        "tests/accounts/test_audit.py::neither_changed_nor_deleted",
    ),
    Mutation(
        "a document in the trash is in no list",
        "DocumentManager.get_queryset",
        Fragment("every.exclude(status=_LITERALLY_TRASHED)", "every"),
        "tests/trash/test_everywhere.py::no_list_and_no_page",
    ),
    Mutation(
        "what is to be done in a document of the trash is nowhere",
        "ActionItemQuerySet.visible_to",
        Fragment("own.exclude(analysis__document__status=TRASHED)", "own"),
        "tests/trash/test_everywhere.py::its_owner_gets_what",
    ),
    Mutation(
        "nobody restores from the trash of others",
        "moves.contents",
        Fragment(".visible_to(owner)", ""),
        "tests/trash/test_pages.py::trash_of_others",
    ),
    Mutation(
        "a deletion is in the audit log",
        "removal.delete",
        Without("audit.record"),
        "tests/accounts/test_audit.py::deletes_and_exports",
    ),
    Mutation(
        "erasing a person takes the hashes of what was asked",
        "erasure._erase",
        Fragment("request_hash=''", "attempt=1"),
        "tests/operations/test_erasure.py::stays_spent",
    ),
    Mutation(
        "erasing a person ends their sessions",
        "erasure.erase",
        Without("Session"),
        "tests/operations/test_erasure.py::all_that_is_known",
    ),
    Mutation(
        "what is retried is not deleted for its age",
        "removal.delete",
        Fragment("if if_unmoved", "if False"),
        "tests/operations/test_housekeeping.py::asks_for_again",
    ),
]
