"""What a refused form (CSRF) is answered: mostly nobody forged it, it had only grown old."""

from __future__ import annotations

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.shortcuts import redirect
from django.utils.cache import add_never_cache_headers

from accounts.views import SignInView
from atom_project.problem_codes import ProblemCode
from atom_project.problems import Problem, answer, wants_page

EXPIRED = "This form had expired, so nobody was signed in. Type your password again."
NO_COOKIE = "If this comes up again, let this site keep cookies: signing in needs them."


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """To people who are signed out, the page to sign in; programs are told what is wrong."""
    view = request.resolver_match.view_name if request.resolver_match else ""
    if not wants_page(request):
        return answer(request, _problem())
    if view == "login":
        return _sign_in_again(request, reason)
    if request.user.is_authenticated:
        return answer(request, _problem())
    # As without a session; who signs in is told that nothing was changed.
    return redirect("login") if view == "logout" else redirect_to_login(request.get_full_path())


def _sign_in_again(request: HttpRequest, reason: str) -> HttpResponse:
    """The form with a token of now, and the name that was typed."""
    view = SignInView()
    view.setup(request)
    form = AuthenticationForm(request, initial={"username": request.POST.get("username", "")})
    detail = f"{EXPIRED} {NO_COOKIE}" if reason == REASON_NO_CSRF_COOKIE else EXPIRED
    context = view.get_context_data(form=form, refusal={"detail": detail})
    response = view.render_to_response(context, status=403)
    add_never_cache_headers(response)
    return response


def _problem() -> Problem:
    return Problem(
        403,
        ProblemCode.CSRF_FAILED,
        "The form had expired or came from another site. Go back, reload the page "
        "and send it again.",
    )
