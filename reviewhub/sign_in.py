"""Settings of the door that are the same in every installation: passwords, second factors, single sign-on."""

AUTHENTICATION_BACKENDS = [
    "reviewhub.people.authentication.PasswordBackend",
    "reviewhub.people.authentication.SessionBackend",
    "django.contrib.auth.backends.ModelBackend",  # of sessions that began before the one above was there
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "reviewhub.people.passwords.HashableValidator"},
    {"NAME": "reviewhub.people.passwords.OwnNameValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_ADAPTER = "reviewhub.people.web.adapters.Door"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no letter to strangers, least of all one that invites to sign up
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True
# Guesses are counted by people.guessing; these are the other limits, counted in the shared cache.
ACCOUNT_RATE_LIMITS = {"login_failed": None, "login": None}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "shared_cache"}}
# Addresses are given by administrators and not proven by a letter.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_ADAPTER = "reviewhub.people.web.adapters.Factors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "authenticate": "reviewhub.people.web.factor_forms.EnterCode",
    "reauthenticate": "reviewhub.people.web.factor_forms.EnterCodeAgain",
    "activate_totp": "reviewhub.people.web.factor_forms.FirstCode",
}
# The company's own provider of identities, by OpenID Connect: only people who exist here come in by it.
SOCIALACCOUNT_ADAPTER = "reviewhub.people.web.single_sign_on.CompanyDoor"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a link: form-action would stop a form that is sent on to another host
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": []}}
SESSION_COOKIE_AGE = 12 * 3600  # people.sessions ends them earlier, by idleness
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
