"""What every answer carries and every request must keep to: headers, hosts, proxies and sizes."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix

from service.config import LOOPBACK, Settings

LARGEST_FORM = 1_000_000
"""Bytes; a judgement with a long text is a few thousand."""

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
ONE_YEAR = 31_536_000


def install(app: Flask, settings: Settings) -> None:
    """Bound what comes in, and put the headers on everything that goes out."""
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_FORM
    host = urlsplit(settings.public_url).hostname or ""
    app.config["TRUSTED_HOSTS"] = list(LOOPBACK) if host in LOOPBACK else [host]
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    headers = dict(HEADERS)
    if settings.secure_cookies:
        headers["Strict-Transport-Security"] = f"max-age={ONE_YEAR}"

    @app.after_request
    def add(response: Response) -> Response:
        return add_headers(response, headers)


def add_headers(response: Response, headers: Mapping[str, str]) -> Response:
    """Only our own static files may be kept; everything else may hold a citizen's data."""
    response.headers.update(headers)
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response
