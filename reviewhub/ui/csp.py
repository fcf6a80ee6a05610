"""What a page of ReviewHub may load: its own files and nothing else (robustness T13)."""

from csp.constants import NONCE, NONE, SELF, STRICT_DYNAMIC

# Scripts run only with the nonce of the answer they came in; `{% module %}` and `{% script %}` write it.
# What such a script loads itself (Plotly, elements) is trusted through strict-dynamic. No inline style: charts
# and progress bars draw with SVG attributes, <progress> and the CSSOM, which the policy leaves alone.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONCE, STRICT_DYNAMIC],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    },
}
