"""What a provider's own SDK says of each vector. Runs where SDKs are installed; reads vectors, writes {"name", "sdk", "made_by"} for those it has an SDK for.

Nothing here decides anything: each function hands the request to the SDK as its documents show. Several secrets: any may fit.
"""

import base64
import importlib
import importlib.metadata
import json
import sys
import urllib.parse

import time_machine


class Ask:
    def __init__(self, line):
        self.line = line
        self.method, self.url = line["method"], line["url"]
        self.body = base64.b64decode(line["body_base64"])
        self.headers = {k: v if isinstance(v, str) else ", ".join(v) for k, v in line["headers"].items()}
        self.lower = {k.lower(): v for k, v in self.headers.items()}

    def __getitem__(self, header):
        return self.lower[header.lower()]

    @property
    def text(self):
        return self.body.decode()

    @property
    def is_form(self):
        return self.lower.get("content-type", "").lower().startswith("application/x-www-form-urlencoded")


def stripe(a, secret):
    import stripe
    return stripe.WebhookSignature.verify_header(a.text, a["stripe-signature"], secret, tolerance=300)


def slack(a, secret):
    from slack_sdk.signature import SignatureVerifier
    return SignatureVerifier(secret).is_valid_request(a.body, a.headers)


def twilio(a, secret):
    from twilio.request_validator import RequestValidator, get_signature_algorithm
    params = a.text
    if a.is_form:
        params = Multi(urllib.parse.parse_qsl(a.text, keep_blank_values=True))
    return RequestValidator(secret).validate(
        a.url, params, a["x-twilio-signature"], get_signature_algorithm(a.lower.get("x-twilio-webhooks-signature-settings")))


class Multi(dict):
    """A form as web frameworks hand it to Twilio's library."""

    def __init__(self, pairs):
        super().__init__(pairs)
        self.pairs = pairs

    def getall(self, name):
        return [v for n, v in self.pairs if n == name]


def standard_webhooks(a, secret):
    import standardwebhooks
    standardwebhooks.Webhook(secret).verify(a.body, a.headers, **standard_options())
    return True


def standard_options():
    import inspect
    import standardwebhooks
    return {"json_parse": False} if "json_parse" in inspect.signature(standardwebhooks.Webhook.verify).parameters else {}


def bigcommerce(a, secret):
    return standard_webhooks(a, base64.b64encode(secret.encode()).decode())


def svix(a, secret):
    from svix.webhooks import Webhook
    Webhook(secret).verify(a.body, a.headers)
    return True


def resend(a, secret):
    import resend
    resend.Webhooks.verify({
        "payload": a.text, "webhook_secret": secret,
        "headers": {n: a.lower.get(f"svix-{n}") for n in ("id", "timestamp", "signature")}})
    return True


def openai(a, secret):
    from openai import OpenAI
    OpenAI(api_key="none").webhooks.verify_signature(a.body, a.headers, secret=secret, tolerance=300)
    return True


def polar(a, secret):
    from polar.webhooks import _verify_signature
    _verify_signature(a.text, a.headers, secret)
    return True


def square(a, secret):
    from square.utils.webhooks_helper import verify_signature
    return verify_signature(
        request_body=a.text, signature_header=a["x-square-hmacsha256-signature"], signature_key=secret, notification_url=a.url)


def paddle(a, secret):
    import logging
    from paddle_billing.Notifications import Secret, Verifier
    logging.disable(logging.CRITICAL)

    class Request:
        headers, body = a.headers, a.body

    return Verifier(maximum_variance=5).verify(Request(), Secret(secret))


def sendgrid(a, secret):
    from sendgrid.helpers.eventwebhook import EventWebhook
    hook = EventWebhook()
    return hook.verify_signature(
        a.text, a["x-twilio-email-event-webhook-signature"], a["x-twilio-email-event-webhook-timestamp"],
        hook.convert_public_key_to_ecdsa(secret))


def mailgun(a, secret):
    from mailgun.security import SecurityGuard
    block = dict(urllib.parse.parse_qsl(a.text)) if a.is_form else json.loads(a.body)["signature"]
    return SecurityGuard.verify_webhook(
        signing_key=secret, token=block["token"], timestamp=str(block["timestamp"]), signature=block["signature"], max_age_seconds=900)


def adyen(a, secret):
    from Adyen.util import is_valid_hmac_notification
    return is_valid_hmac_notification(json.loads(a.body), secret)


def adyen_platform(a, secret):
    from Adyen.util import is_valid_hmac_payload
    return is_valid_hmac_payload(a["hmacsignature"], secret, a.body)


def braintree(a, secret):
    import braintree
    public, private = secret.split(":")
    gateway = braintree.BraintreeGateway(braintree.Configuration(
        braintree.Environment.Sandbox, merchant_id="m", public_key=public, private_key=private))
    fields = dict(urllib.parse.parse_qsl(a.text))
    gateway.webhook_notification.parse(fields["bt_signature"], fields["bt_payload"])
    return True


def discord(a, secret):
    from discord_interactions import verify_key
    return verify_key(a.body, a["x-signature-ed25519"], a["x-signature-timestamp"], secret)


def telnyx(a, secret):
    from telnyx.lib.webhook_verification import verify_webhook_signature
    verify_webhook_signature(a.body, a.headers, secret)
    return True


def hubspot(version):
    def ask(a, secret):
        from hubspot.utils.signature import Signature
        name = "x-hubspot-signature-v3" if version == "v3" else "x-hubspot-signature"
        return Signature.is_valid(
            signature=a[name], client_secret=secret, request_body=a.text, http_uri=a.url, http_method=a.method, signature_version=version,
            timestamp=a.lower.get("x-hubspot-request-timestamp"))
    return ask


def github(a, secret):
    from gidgethub.sansio import validate_event
    validate_event(a.body, signature=a["x-hub-signature-256"], secret=secret)
    return True


def gitlab(a, secret):
    from gidgetlab.sansio import Event
    Event.from_http(a.lower, a.body, secret=secret)
    return True


def anymail(provider, secret_setting, view_name, basic=False):
    def ask(a, secret):
        import django
        from django.conf import settings
        if not settings.configured:
            settings.configure(ALLOWED_HOSTS=["*"], SECRET_KEY="x", USE_TZ=True, SECURE_PROXY_SSL_HEADER=("HTTP_X_PROTO", "https"))
            django.setup()
        from django.test import RequestFactory
        module = importlib.import_module(f"anymail.webhooks.{provider}")
        parts = urllib.parse.urlsplit(a.url)
        host = parts.netloc.rpartition("@")[2]
        target = parts.path + ("?" + parts.query if parts.query else "")
        extra = {"HTTP_" + k.upper().replace("-", "_"): v for k, v in a.headers.items() if k.lower() != "content-type"}
        if basic and "@" in parts.netloc:
            user = parts.netloc.rpartition("@")[0]
            extra["HTTP_AUTHORIZATION"] = "Basic " + base64.b64encode(user.encode()).decode()
        request = RequestFactory().generic(
            a.method, target, a.body, content_type=a.lower.get("content-type", ""), HTTP_HOST=host, HTTP_X_PROTO=parts.scheme, **extra)
        view = getattr(module, view_name)(**{secret_setting: secret})
        view.setup(request)
        view.run_validators(request)
        return True
    return ask


def razorpay(a, secret):
    import razorpay
    razorpay.Client(auth=("", "")).utility.verify_webhook_signature(a.text, a["x-razorpay-signature"], secret)
    return True


def gocardless(a, secret):
    from gocardless_pro import webhooks
    webhooks.parse(a.body, secret, a["webhook-signature"])
    return True


def cloudinary(a, secret):
    import cloudinary
    import cloudinary.utils
    cloudinary.config(api_secret=secret)
    signature = a["x-cld-signature"]
    algorithm = "sha256" if len(signature) == 64 else "sha1"
    return cloudinary.utils.verify_notification_signature(a.text, a["x-cld-timestamp"], signature, algorithm=algorithm)


def workos(a, secret):
    from workos.webhooks._verification import verify_header
    verify_header(event_body=a.body, event_signature=a["workos-signature"], secret=secret, tolerance=180)
    return True


def coinbase(a, secret):
    from coinbase_commerce.webhook import Webhook
    Webhook.construct_event(a.text, a["x-cc-webhook-signature"], secret)
    return True


def plivo(a, secret):
    from plivo.utils.signature_v3 import validate_v3_signature
    params = urllib.parse.parse_qs(a.text, keep_blank_values=True) if a.is_form else {}
    return validate_v3_signature(a.method, a.url, a["x-plivo-signature-v3-nonce"], secret, a["x-plivo-signature-v3"], params)


def messagebird(a, secret):
    from messagebird.request_validator import RequestValidator
    RequestValidator(secret).validate_signature(a["messagebird-signature-jwt"], a.url, a.body)
    return True


def line(a, secret):
    from linebot.v3.webhook import SignatureValidator
    return SignatureValidator(secret).validate(a.text, a["x-line-signature"])


def dropbox_sign(a, secret):
    from dropbox_sign import EventCallbackHelper, EventCallbackRequest
    data = json.loads(dict(urllib.parse.parse_qsl(a.text))["json"] if a.is_form else a.body)
    return EventCallbackHelper.is_valid(secret, EventCallbackRequest.init(data))


def airtable(a, secret):
    from pyairtable.models.webhook import WebhookNotification
    WebhookNotification.from_request(a.text, a["x-airtable-content-mac"], secret)
    return True


def telegram(a, secret):
    from aiogram.webhook.aiohttp_server import SimpleRequestHandler
    handler = SimpleRequestHandler(dispatcher=None, bot=None, secret_token=secret)
    return handler.verify_secret(a.lower.get("x-telegram-bot-api-secret-token", ""), None)


def quickbooks(a, secret):
    from quickbooks import QuickBooks
    client = QuickBooks.__new__(QuickBooks)
    return client.validate_webhook_signature(a.text, a["intuit-signature"], secret)


def twitch(a, secret):
    from twitchAPI.eventsub.webhook import EventSubWebhook
    hook = EventSubWebhook.__new__(EventSubWebhook)
    hook.secret = secret
    import asyncio

    class Request:
        headers = {n.title(): v for n, v in a.headers.items()}

        async def read(self):
            return a.body

        async def text(self):
            return a.text

    answer = hook._verify_signature(Request())
    return asyncio.run(answer) if asyncio.iscoroutine(answer) else answer


def paystack(a, secret):
    from pypaystack2 import PaystackClient
    return PaystackClient(secret_key=secret).is_verified_webhook_payload(a.body, a["x-paystack-signature"])


def meta(a, secret):
    from pywa.utils import webhook_updates_validator
    return webhook_updates_validator(secret, a.body, a["x-hub-signature-256"])


def paypal(a, secret):
    """The SDK with its download and its store of roots replaced by the vector's."""
    import contextlib
    import io
    import paypalrestsdk.notifications as notifications
    from OpenSSL import crypto

    class Answer:
        def __init__(self, url):
            self.text = a.line["certificates"][url]

    def store(cls):
        made = crypto.X509Store()
        for pem in a.line["trust_anchors_pem"]:
            made.add_cert(crypto.load_certificate(crypto.FILETYPE_PEM, pem))
        made.set_time(__import__("datetime").datetime.utcfromtimestamp(a.line["now_epoch"]))
        return made

    notifications.requests.get = Answer
    notifications.WebhookEvent._get_certificate_store = classmethod(store)
    with contextlib.redirect_stdout(io.StringIO()):
        return notifications.WebhookEvent.verify(
            a["paypal-transmission-id"], a["paypal-transmission-time"], secret, a.text, a["paypal-cert-url"], a["paypal-transmission-sig"],
            a["paypal-auth-algo"])


#: Provider: package, module to try, function.
SDKS = {
    "stripe": ("stripe", "stripe", stripe), "slack": ("slack_sdk", "slack_sdk", slack), "twilio": ("twilio", "twilio", twilio),
    "standard-webhooks": ("standardwebhooks", "standardwebhooks", standard_webhooks),
    "gitlab-signed": ("standardwebhooks", "standardwebhooks", standard_webhooks),
    "bigcommerce": ("standardwebhooks", "standardwebhooks", bigcommerce), "svix": ("svix", "svix", svix), "clerk": ("svix", "svix", svix),
    "resend": ("resend", "resend", resend), "openai": ("openai", "openai", openai), "polar": ("polar-sdk", "polar", polar),
    "square": ("squareup", "square", square), "paddle": ("paddle-python-sdk", "paddle_billing", paddle),
    "sendgrid": ("sendgrid", "sendgrid", sendgrid), "mailgun": ("mailgun", "mailgun", mailgun), "adyen": ("Adyen", "Adyen", adyen),
    "adyen-platform": ("Adyen", "Adyen", adyen_platform), "braintree": ("braintree", "braintree", braintree),
    "discord": ("discord-interactions", "discord_interactions", discord), "telnyx": ("telnyx", "telnyx", telnyx),
    "hubspot": ("hubspot-api-client", "hubspot", hubspot("v3")), "hubspot-v1": ("hubspot-api-client", "hubspot", hubspot("v1")),
    "hubspot-v2": ("hubspot-api-client", "hubspot", hubspot("v2")), "github": ("gidgethub", "gidgethub", github),
    "gitlab": ("gidgetlab", "gidgetlab", gitlab),
    "mandrill": ("django-anymail", "anymail", anymail("mandrill", "webhook_key", "MandrillCombinedWebhookView", basic=True)),
    "postmark": ("django-anymail", "anymail", anymail("postmark", "webhook_secret", "PostmarkTrackingWebhookView")),
    "brevo": ("django-anymail", "anymail", anymail("brevo", "webhook_secret", "BrevoTrackingWebhookView")),
    "mailersend": ("django-anymail", "anymail", anymail("mailersend", "signing_secret", "MailerSendTrackingWebhookView")),
    "mailtrap": ("django-anymail", "anymail", anymail("mailtrap", "tracking_secret", "MailtrapTrackingWebhookView")),
    "razorpay": ("razorpay", "razorpay", razorpay), "gocardless": ("gocardless-pro", "gocardless_pro", gocardless),
    "cloudinary": ("cloudinary", "cloudinary", cloudinary), "workos": ("workos", "workos", workos),
    "coinbase-commerce": ("coinbase-commerce", "coinbase_commerce", coinbase), "plivo": ("plivo", "plivo", plivo),
    "messagebird": ("messagebird", "messagebird", messagebird), "line": ("line-bot-sdk", "linebot", line),
    "dropbox-sign": ("dropbox-sign", "dropbox_sign", dropbox_sign), "airtable": ("pyairtable", "pyairtable", airtable),
    "telegram": ("aiogram", "aiogram", telegram), "quickbooks": ("python-quickbooks", "quickbooks", quickbooks),
    "twitch": ("twitchAPI", "twitchAPI", twitch), "paystack": ("pypaystack2", "pypaystack2", paystack), "meta": ("pywa", "pywa", meta),
    "paypal": ("paypalrestsdk", "paypalrestsdk", paypal),
}


def verdict(ask, function, errors):
    for secret in ask.line["secrets"]:
        try:
            # A library that says nothing by raising nothing is asked through a wrapper that returns True.
            if function(ask, secret):
                return "accept"
        except Exception as error:
            errors.setdefault(f"{type(error).__name__}: {error}"[:160], []).append(ask.line["name"])
    return "reject"


def main():
    import logging
    logging.disable(logging.CRITICAL)
    errors = {}
    out, sys.stdout = sys.stdout, sys.stderr
    for text in sys.stdin:
        vector = json.loads(text)
        package, module, function = SDKS.get(vector["provider"], (None, None, None))
        if package is None:
            continue
        try:
            importlib.import_module(module)
            version = importlib.metadata.version(package)
        except ImportError:
            continue
        with time_machine.travel(vector["now_epoch"], tick=False):
            said = verdict(Ask(vector), function, errors)
        print(json.dumps({"name": vector["name"], "sdk": said, "made_by": f"{package} {version}"}), file=out)
    for message, names in sorted(errors.items()):
        print(f"{len(names):4} {message}  e.g. {names[0]}", file=sys.stderr)


main()
