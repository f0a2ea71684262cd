"""The addresses where a provider is named."""

from accounts.oidc.urls import urlpatterns as of_single_sign_on
from atom_project.urls import urlpatterns as usual

handler400 = "atom_project.error_handlers.handler400"
handler403 = "atom_project.error_handlers.handler403"
handler404 = "atom_project.error_handlers.handler404"
handler500 = "atom_project.error_handlers.handler500"

urlpatterns = [*of_single_sign_on, *usual]
