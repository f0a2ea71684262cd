"""Problems of who asks, and how often."""

from __future__ import annotations

from atom_project.problem_codes import ProblemCode as Code
from atom_project.problem_entries import LATER, SIGN_IN, ProblemText, of

PROBLEMS: dict[Code, ProblemText] = {
    Code.NOT_AUTHENTICATED: of(
        401, happened="The request has no credential.", advice="Log in, and send the token."
    ),
    Code.AUTHENTICATION_FAILED: of(
        401, happened="The credential is none that is known here.", advice=SIGN_IN
    ),
    Code.WRONG_LOGIN: of(
        401, happened="The name or the password is wrong.", advice="Ask the person again."
    ),
    Code.TOKEN_EXPIRED: of(
        401,
        happened="The access token has run out.",
        advice="Get a new pair (`POST /auth/refresh`), then send the same request again.",
    ),
    Code.TOKEN_INVALID: of(401, happened="The token is not one of this service.", advice=SIGN_IN),
    Code.TOKEN_REUSED: of(
        401,
        happened="The refresh token was used before; its login was ended, in case it was stolen.",
        advice=SIGN_IN,
    ),
    Code.LOGIN_ENDED: of(
        401,
        happened="The login was ended: signed out, another password, or its longest time is over.",
        advice=SIGN_IN,
    ),
    Code.KEY_ENDED: of(
        401, happened="The API key was ended, or its time is over.", advice="Make a new one."
    ),
    Code.INSUFFICIENT_SCOPE: of(
        403,
        happened="The API key lacks the scope; `WWW-Authenticate` names it.",
        advice="Make a key with this scope.",
    ),
    Code.PERMISSION_DENIED: of(
        403, happened="This user may not do this.", advice="Ask the operator for the right."
    ),
    Code.CSRF_FAILED: of(
        403,
        happened="A request with a session's cookie lacks its CSRF token.",
        advice="Send `X-CSRFToken`, or a Bearer token instead of the cookie.",
    ),
    Code.THROTTLED: of(429, happened="Too many requests in a minute.", advice=LATER, may_pass=True),
    Code.TOO_MANY_WAITS: of(
        429,
        happened="As many calls of this user wait as may (`ATOM_MAX_WAITS_PER_USER`).",
        advice="Follow all documents by one call of `/events`, or ask after `Retry-After` seconds.",
        may_pass=True,
    ),
}
