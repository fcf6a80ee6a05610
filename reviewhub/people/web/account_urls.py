"""Addresses of the door: allauth's, without its overviews: those are the page "Security"."""

from django.urls import include, path
from django.views.generic import RedirectView

from reviewhub.people.web import single_sign_on

to_security = RedirectView.as_view(pattern_name="security")

urlpatterns = [
    path("email/", to_security, name="account_email"),
    path("2fa/", to_security, name="mfa_index"),
    path("2fa/webauthn/", to_security, name="mfa_list_webauthn"),
    path("3rdparty/", to_security, name="socialaccount_connections"),
    path("oidc/<str:provider_id>/login/", single_sign_on.login, name="openid_connect_login"),
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
    path("3rdparty/", include("allauth.socialaccount.urls")),
    path("", include("allauth.socialaccount.providers.openid_connect.urls")),
]
