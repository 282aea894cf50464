"""The casework as JSON: the same steps, under the same session and the same policy as the pages.

A client signs in as a person at `/log-ind` and keeps the cookie; there are no service accounts. What changes
something needs the header `X-CSRF-Token` with the token of `GET /api/v1/adgang`, and a JSON body.
"""
