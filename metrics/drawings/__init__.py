"""Pure. Figures of the department boards as plain Plotly dicts; each trace says its role, the page paints it."""
