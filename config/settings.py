"""Settings of the whole platform; every value a deployment may change comes from config.env."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config.env import env
from config.launcher import addresses
from core.limits import scopes

BASE_DIR = Path(__file__).resolve().parent.parent

APP_NAME = env.str("APP_NAME", default="Leema")
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="insecure-development-key-" + "0" * 40)
API_BASE_URL = env.str("API_BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
FRONTEND_URL = env.str("FRONTEND_URL", default=API_BASE_URL).rstrip("/")
WEBSOCKET_URL = env.str(
    "WEBSOCKET_URL", default=API_BASE_URL.replace("http", "ws", 1) + "/ws"
).rstrip("/")
HTTPS = API_BASE_URL.startswith("https://")
if HTTPS and SECRET_KEY.startswith("insecure"):
    raise ImproperlyConfigured("Set SECRET_KEY: the one for development is known to everybody.")

SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

# Addresses and rooms

ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[urlsplit(API_BASE_URL).hostname or "", "127.0.0.1", "localhost"]
)
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "config.admin.LeemaAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.google",
    "channels",
    "corsheaders",
    "csp",
    "django_filters",
    "django_q",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "core",
    "realtime",
    "shops",
    "accounts",
    "billing",
    "catalog",
    "wardrobe",
    "generations",
    "orders",
    "config",
]
MIDDLEWARE = [
    "core.api_lane.the_api_has_its_own",
    "core.middleware.request_id",
    "core.middleware.acts_are_attributed",
    "core.browser_headers.pages_have_a_policy",
    "core.browser_headers.browser_headers",
    "corsheaders.middleware.CorsMiddleware",
    "core.middleware.without_trailing_slash",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "core.middleware.in_the_readers_language",
    "core.middleware.requests_are_readable",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.limits.middleware.limits_are_kept",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.mfa.middleware.administrators_show_a_second_factor",
    "core.middleware.private_pages_are_not_stored",
    "core.middleware.refusals_are_worded",
    "core.middleware.admin_takes_no_nonsense",
]
PAGES_ALONE = {
    "core.api_lane.the_api_has_its_own",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.mfa.middleware.administrators_show_a_second_factor",
    "core.middleware.admin_takes_no_nonsense",
}
API_MIDDLEWARE = [name for name in MIDDLEWARE if name not in PAGES_ALONE]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
APPEND_SLASH = False

# Storage of rows, files and messages

DATABASE = env.db("DATABASE_URL", default=addresses.database_url())
DATABASES = {
    "default": {
        **DATABASE,
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            **DATABASE.get("OPTIONS", {}),
            # psycopg's pool belongs to web processes only: the worker forks. Eight of its
            # connections are kept by the threads of config.quick_reads.
            **(
                {"pool": {"max_size": 28, "timeout": 5}}
                if env.bool("DATABASE_POOL", default=False)
                else {}
            ),
            "prepare_threshold": 0,  # of the few statements that are prepared, see core.prepared
            # Parallel workers run ahead of a page that needs few rows, for seconds and for nothing.
            "options": f"-c lock_timeout={env.int('LOCK_TIMEOUT_SECONDS', default=3)}s"
            f" -c statement_timeout={env.int('STATEMENT_TIMEOUT_SECONDS', default=60)}s"
            " -c max_parallel_workers_per_gather=0",
        },
    }
}
REDIS_URL = env.str("REDIS_URL", default=addresses.redis_url())
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL},
    # What may be a few seconds old, and is the same for everybody.
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "TIMEOUT": 5},
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        # Without socket_timeout an idle subscription is cut after 5 s (channels_redis #422).
        "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": None}]},
    }
}
UPLOAD_DIR = Path(env.str("UPLOAD_DIR", default=str(BASE_DIR / "uploads")))
MEDIA_ROOT = UPLOAD_DIR
AI_MODELS_DIR = Path(env.str("AI_MODELS_DIR", default=str(BASE_DIR / "var" / "models")))
STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
Q_CLUSTER = {
    "name": "leema",
    "orm": "default",
    "workers": env.int("WORKERS", default=2),
    "timeout": 120,  # longer than any GENERATION_SECONDS
    "retry": 480,  # at least (queue_limit + 3) x timeout
    "max_attempts": 3,
    "queue_limit": 1,
    "bulk": 1,
    "poll": 0.1,
    "save_limit": -1,
    "catch_up": False,
}
MAX_FILE_SIZE_MB = env.int("MAX_FILE_SIZE_MB", default=10)
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = DATA_UPLOAD_MAX_MEMORY_SIZE
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# Languages and time

LANGUAGES = [("ru", _("Russian")), ("kk", _("Kazakh")), ("en", _("English"))]
LANGUAGE_CODE = "ru"
# The second one: what Django and its kin do not say in Kazakh or Russian yet.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale_upstream"]
FORMAT_MODULE_PATH = "config.formats"
TIME_ZONE = "Asia/Almaty"
USE_TZ = True

# Who may come in

GOOGLE_BASE_URL = env.str("GOOGLE_BASE_URL", default="").rstrip("/")  # a Google of our own, or ""
GOOGLE_CLIENT_ID = env.str("GOOGLE_CLIENT_ID", default="leema-web.demo")
GOOGLE_CLIENT_SECRET = env.str("GOOGLE_CLIENT_SECRET", default="demo-secret")
GOOGLE_WEB_CLIENT_IDS = [GOOGLE_CLIENT_ID]
GOOGLE_MOBILE_CLIENT_IDS = [
    *env.list("GOOGLE_MOBILE_CLIENT_ID", default=[]),
    *env.list("GOOGLE_ANDROID_CLIENT_ID", default=[]),
    *env.list("GOOGLE_IOS_CLIENT_ID", default=[]),
    GOOGLE_CLIENT_ID,  # Android names the server's client, and its own as azp
]
GOOGLE_REDIRECT_URI = env.str(
    "GOOGLE_REDIRECT_URI", default=f"{API_BASE_URL}/api/v1/auth/google/callback"
)
if GOOGLE_BASE_URL and HTTPS:
    raise ImproperlyConfigured("GOOGLE_BASE_URL names the demo's Google, which signs in anybody.")
if GOOGLE_BASE_URL:
    GOOGLE_AUTHORIZE_URL = f"{GOOGLE_BASE_URL}/o/oauth2/v2/auth"
    GOOGLE_TOKEN_URL = f"{GOOGLE_BASE_URL}/token"
    GOOGLE_CERTS_URL = f"{GOOGLE_BASE_URL}/certs"
    GOOGLE_ISSUERS = [GOOGLE_BASE_URL]
else:
    GOOGLE_AUTHORIZE_URL = "https://accounts.google.com/o/oauth2/v2/auth"
    GOOGLE_TOKEN_URL = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
    GOOGLE_CERTS_URL = "https://www.googleapis.com/oauth2/v3/certs"
    GOOGLE_ISSUERS = ["https://accounts.google.com", "accounts.google.com"]

APPLE_CLIENT_ID = env.str("APPLE_CLIENT_ID", default="")
APPLE_WEB_CLIENT_IDS = [APPLE_CLIENT_ID] if APPLE_CLIENT_ID else []
APPLE_MOBILE_CLIENT_IDS = [*env.list("APPLE_IOS_CLIENT_ID", default=[]), *APPLE_WEB_CLIENT_IDS]
APPLE_TEAM_ID = env.str("APPLE_TEAM_ID", default="")
APPLE_KEY_ID = env.str("APPLE_KEY_ID", default="")
APPLE_PRIVATE_KEY = env.str("APPLE_PRIVATE_KEY", default="", multiline=True)
APPLE_REDIRECT_URI = env.str(
    "APPLE_REDIRECT_URI", default=f"{API_BASE_URL}/api/v1/auth/apple/callback"
)
APPLE_ISSUER = "https://appleid.apple.com"
APPLE_AUTHORIZE_URL = f"{APPLE_ISSUER}/auth/authorize"
APPLE_TOKEN_URL = f"{APPLE_ISSUER}/auth/token"
APPLE_KEYS_URL = f"{APPLE_ISSUER}/auth/keys"
SIGN_IN_COOKIE_REQUIRED = env.bool("SIGN_IN_COOKIE_REQUIRED", default=True)

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_ADAPTER = "accounts.panel_sign_in.GoogleAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "google": {
        "APPS": [{"client_id": GOOGLE_CLIENT_ID, "secret": GOOGLE_CLIENT_SECRET, "key": ""}],
        "SCOPE": ["openid", "email", "profile"],
        "OAUTH_PKCE_ENABLED": True,
        "AUTHORIZE_URL": GOOGLE_AUTHORIZE_URL,
        "ACCESS_TOKEN_URL": GOOGLE_TOKEN_URL,
        "ID_TOKEN_ISSUER": GOOGLE_ISSUERS[0],
    }
}

SECOND_FACTOR_RECENT_SECONDS = ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_ADAPTER = "accounts.mfa.adapter.AccountAdapter"
ACCOUNT_RATE_LIMITS = {"login_failed": "5/m/key", "reauthenticate": None}  # wrong codes
MFA_ADAPTER = "accounts.mfa.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "activate_totp": "accounts.mfa.forms.ActivateAppForm",
    "authenticate": "accounts.mfa.forms.CodeForm",
    "authenticate_webauthn": "accounts.mfa.forms.KeyForm",
    "add_webauthn": "accounts.mfa.forms.AddKeyForm",
    "edit_webauthn": "accounts.mfa.forms.RenameKeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = APP_NAME
MFA_TOTP_TOLERANCE = 1  # the clock of a phone may be half a minute off
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # a person is a Google account, not an address

LOGIN_URL = "panel-sign-in"
LOGIN_REDIRECT_URL = "panel-home"
ACCOUNT_LOGOUT_REDIRECT_URL = "panel-sign-in"

SIMPLE_JWT = {
    "ALGORITHM": "HS256",
    "ISSUER": APP_NAME,
    "AUDIENCE": APP_NAME,
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=env.int("ACCESS_TOKEN_EXPIRE_MINUTES", default=10)),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=env.int("REFRESH_TOKEN_EXPIRE_DAYS", default=30)),
    "TOKEN_TYPE_CLAIM": "type",
}
REFRESH_GRACE_SECONDS = 30
SESSION_IDLE_DAYS = 30
SESSION_MAX_DAYS = 90
SESSION_KEPT_DAYS = 90  # after it is over
SIGNING_KEYS_CACHED_SECONDS = 5
PLATFORM_SETTINGS_CACHED_SECONDS = 5

CORS_ALLOWED_ORIGINS = env.list("CORS_ORIGINS", default=list({FRONTEND_URL, API_BASE_URL}))
CORS_ALLOW_CREDENTIALS = True
CORS_ALLOW_HEADERS = [
    "accept",
    "accept-language",
    "authorization",
    "content-digest",
    "content-type",
    "idempotency-key",
    "prefer",
    "signature",
    "signature-input",
    "x-client-platform",
    "x-client-version",
    "x-csrf-token",
    "x-request-id",
    "x-requested-with",
]
CORS_EXPOSE_HEADERS = [
    "Idempotency-Replayed",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "X-Request-ID",
]
CORS_URLS_REGEX = r"^/(api|uploads)/.*$"
CSRF_TRUSTED_ORIGINS = [API_BASE_URL]
CSRF_FAILURE_VIEW = "core.errors.csrf_failure"

# How much one caller may ask for

LIMITS = {
    scope.name: scopes.parsed(env.str(f"LIMIT_{scope.name.upper()}", default=scope.default))
    for scope in scopes.TABLE
}
LIMIT_SOCKETS = env.int("LIMIT_SOCKETS", default=5)
LIMIT_GENERATIONS_RUNNING = env.int("LIMIT_GENERATIONS_RUNNING", default=5)
# Accounts are numbered within a database, so platforms may share one Redis.
LIMITS_KEY_PREFIX = env.str("LIMITS_KEY_PREFIX", default=f"limits:{DATABASE['NAME']}")

# What a browser may do with our pages

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, API_BASE_URL, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF, WEBSOCKET_URL.removesuffix("/ws")],
        "form-action": [SELF, GOOGLE_BASE_URL or "https://accounts.google.com"],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "report-uri": ["/csp-report"],
        **({"report-to": "csp"} if HTTPS else {}),  # Chrome obeys it over TLS alone
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
LANGUAGE_COOKIE_NAME = "__Host-language" if HTTPS else "language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # one cookie less
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$"]  # asked from inside, without TLS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None

# The API

REST_FRAMEWORK = {
    "EXCEPTION_HANDLER": "core.problems.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "COERCE_DECIMAL_TO_STRING": False,
    "URL_FORMAT_OVERRIDE": None,  # `?format=x` is a field like any other, and no 404
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "core.negotiation.QuickNegotiation",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "core.parsers.StrictJSONParser",
        "core.parsers.StrictMultiPartParser",
        "core.parsers.StrictFormParser",
    ],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Leema",
    "DESCRIPTION": "Shops sell clothes, people try them on, own them and buy them.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.openapi.files_come_in_forms",
        "config.openapi.declare_problems",
    ],
    "ENUM_NAME_OVERRIDES": {
        "ConsentKind": "accounts.models.Consent.Kind",
        "AlertKind": "catalog.tables.Alert.Kind",
        "DeliveryKind": "orders.models.DeliveryMethod.Kind",
        "ListingFeeType": ["product_rent"],
        "ModerationReason": "catalog.models.Reason",
        "TopUpType": ["top_up"],
        "GenerationType": "generations.models.Generation.Type",
        "GenerationStatus": "generations.models.Generation.Status",
        "MovementReason": "catalog.tables.StockMovement.Reason",
        "OrderStage": "orders.models.Order.Stage",
        "OrderStatus": "orders.models.Order.Status",
        "PayoutStatus": "billing.models.Payout.Status",
        "PaymentStatus": "billing.models.Payment.Status",
        "Place": ["top", "bottom", "dress", "outer", "shoes", "hat"],
        "ReportReason": "catalog.tables.ProductReport.Reason",
        "Season": "wardrobe.models.UserWardrobeItem.Season",
        "WeatherSeason": ["summer", "demi_season", "winter"],
        "TransactionType": "billing.models.Transaction.Type",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# Personal data: a text that changes gets a new version, and is agreed to anew

CONSENT_VERSIONS = {"photo_processing": "2026-11"}

# The business

CURRENCY = "KZT"
TRY_ON_PRICE = Decimal(env.str("TRY_ON_PRICE", default="150.00"))
GENERATION_PRICE = Decimal(env.str("GENERATION_PRICE", default="250.00"))
FREE_TRY_ONS = env.int("FREE_TRY_ONS", default=5)
FREE_GENERATIONS = env.int("FREE_GENERATIONS", default=3)
# The first engine that makes the picture: the next is asked where the one before fails by itself.
TRY_ON_ENGINES = env.list("TRY_ON_ENGINES", default=["local"])
DESIGN_ENGINES = env.list("DESIGN_ENGINES", default=["local"])
# How many pictures may be in the making with an engine at once; others are bounded by the workers.
ENGINE_PLACES = env.dict("ENGINE_PLACES", cast={"value": int}, default={"cog": 1})
GENERATION_SECONDS = 90  # for providers; then the next engine is asked, or the money goes back
GENERATION_LEASE_SECONDS = env.int("GENERATION_LEASE_SECONDS", default=120)
GENERATION_MAX_ATTEMPTS = 3
FASHN_URL = env.str("FASHN_URL", default="https://api.fashn.ai").rstrip("/")
FASHN_API_KEY = env.str("FASHN_API_KEY", default="")
FASHN_MODEL = env.str("FASHN_MODEL", default="tryon-v1.6")
GOOGLE_AI_URL = env.str("GOOGLE_AI_URL", default="")  # the library's own, unless named
GOOGLE_AI_KEY = env.str("GOOGLE_AI_KEY", default="")
GOOGLE_AI_PROJECT = env.str("GOOGLE_AI_PROJECT", default="")
GOOGLE_AI_LOCATION = env.str("GOOGLE_AI_LOCATION", default="global")
GOOGLE_TRY_ON_MODEL = env.str("GOOGLE_TRY_ON_MODEL", default="virtual-try-on-001")
GOOGLE_DESIGN_MODEL = env.str("GOOGLE_DESIGN_MODEL", default="gemini-2.5-flash-image")
COG_URL = env.str("COG_URL", default="http://127.0.0.1:5001").rstrip("/")
COG_TOKEN = env.str("COG_TOKEN", default="")
COG_MODEL = env.str("COG_MODEL", default="own")
REPLICATE_URL = env.str("REPLICATE_URL", default="https://api.replicate.com").rstrip("/")
REPLICATE_TOKEN = env.str("REPLICATE_TOKEN", default="")
REPLICATE_VERSION = env.str("REPLICATE_VERSION", default="")
REPLICATE_FILE_HOSTS = env.list("REPLICATE_FILE_HOSTS", default=["replicate.delivery"])
SEARCH_BACKEND = env.str("SEARCH_BACKEND", default="postgres")
OPENSEARCH_URL = env.str("OPENSEARCH_URL", default="").rstrip("/")
OPENSEARCH_INDEX = env.str("OPENSEARCH_INDEX", default="leema-products")
MAX_WARDROBE_ITEMS_PER_USER = env.int("MAX_WARDROBE_ITEMS_PER_USER", default=500)
PAYMENT_GATEWAYS = env.list("PAYMENT_GATEWAYS", default=[] if HTTPS else ["sandbox"])
GATEWAY_TIMEOUT_SECONDS = 20
FREEDOMPAY_URL = env.str("FREEDOMPAY_URL", default="https://api.freedompay.kz").rstrip("/")
FREEDOMPAY_MERCHANT_ID = env.str("FREEDOMPAY_MERCHANT_ID", default="")
FREEDOMPAY_SECRET_KEY = env.str("FREEDOMPAY_SECRET_KEY", default="")
TIPTOPPAY_URL = env.str("TIPTOPPAY_URL", default="https://api.tiptoppay.kz").rstrip("/")
TIPTOPPAY_PUBLIC_ID = env.str("TIPTOPPAY_PUBLIC_ID", default="")
TIPTOPPAY_API_SECRET = env.str("TIPTOPPAY_API_SECRET", default="")
ROBOKASSA_URL = env.str("ROBOKASSA_URL", default="https://auth.robokassa.kz").rstrip("/")
ROBOKASSA_REFUND_URL = env.str(
    "ROBOKASSA_REFUND_URL", default="https://services.robokassa.ru"
).rstrip("/")
ROBOKASSA_LOGIN = env.str("ROBOKASSA_LOGIN", default="")
ROBOKASSA_PAGE_PASSWORD = env.str("ROBOKASSA_PAGE_PASSWORD", default="")
ROBOKASSA_RESULT_PASSWORD = env.str("ROBOKASSA_RESULT_PASSWORD", default="")
ROBOKASSA_REFUND_PASSWORD = env.str("ROBOKASSA_REFUND_PASSWORD", default="")
ROBOKASSA_TEST = env.bool("ROBOKASSA_TEST", default=False)
ROBOKASSA_HASH = env.str("ROBOKASSA_HASH", default="sha256").lower()
HALYK_OAUTH_URL = env.str("HALYK_OAUTH_URL", default="https://epay-oauth.homebank.kz/oauth2/token")
HALYK_API_URL = env.str("HALYK_API_URL", default="https://epay-api.homebank.kz").rstrip("/")
HALYK_CLIENT_ID = env.str("HALYK_CLIENT_ID", default="")
HALYK_CLIENT_SECRET = env.str("HALYK_CLIENT_SECRET", default="")
HALYK_USERNAME = env.str("HALYK_USERNAME", default="")
HALYK_PASSWORD = env.str("HALYK_PASSWORD", default="")
HALYK_SHOP_ID = env.str("HALYK_SHOP_ID", default="")
HALYK_TERMINAL_ID = env.str("HALYK_TERMINAL_ID", default="")
PAYPAL_URL = env.str("PAYPAL_URL", default="https://api-m.paypal.com").rstrip("/")
PAYPAL_CLIENT_ID = env.str("PAYPAL_CLIENT_ID", default="")
PAYPAL_CLIENT_SECRET = env.str("PAYPAL_CLIENT_SECRET", default="")
PAYPAL_WEBHOOK_ID = env.str("PAYPAL_WEBHOOK_ID", default="")
PAYPAL_CURRENCY = env.str("PAYPAL_CURRENCY", default="USD")
PAYPAL_RATE = Decimal(env.str("PAYPAL_RATE", default="0"))  # KZT for one of PAYPAL_CURRENCY
REALTIME_COMPAT_FRAMES = env.bool("REALTIME_COMPAT_FRAMES", default=True)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "httpx": {"level": "WARNING"},  # would write addresses with codes in them
    },
}
