"""Pure. Numbers over the points of a drawing, where notes stand, and shade behind some of them."""

from collections.abc import Container, Mapping

from metrics.charts import escaped

ROOM = 28  # pixels above the plot, where the numbers stand
LINE = {"width": 1, "dash": "dot"}
SHADE = "rgba(128, 128, 128, 0.16)"  # on light and on dark


def marked(figure: dict, numbers: Mapping[str, str]) -> dict:
    """The figure with `numbers` (label of a point → what stands over it) at the points of what is.

    They stand above the plot, each with a line down to its point, so that no value is ever behind one.
    """
    wanted = {escaped(label): number for label, number in numbers.items()}
    found = [
        (trace, label, wanted[label])
        for trace in figure["data"]
        if trace["meta"]["role"] == "ac"
        for label, value in zip(trace["x"], trace["y"], strict=True)
        if label in wanted and value is not None
    ]
    if not found:
        return figure
    layout = figure["layout"]
    over = {
        "annotations": [*layout.get("annotations", []), *(_number(*one) for one in found)],
        "shapes": [*layout.get("shapes", []), *(_line(trace, label) for trace, label, _text in found)],
        "margin": layout.get("margin", {}) | {"t": ROOM},
    }
    return figure | {"layout": layout | over}


def _where(trace: dict) -> dict:
    return {"xref": trace.get("xaxis", "x"), "yref": f"{trace.get('yaxis', 'y')} domain"}


def _number(trace: dict, label: str, number: str) -> dict:
    stands = {"name": "note", "x": label, "y": 1, "yanchor": "bottom", "text": number, "showarrow": False}
    return stands | _where(trace) | {"yshift": 2, "borderpad": 1}


def _line(trace: dict, label: str) -> dict:
    runs = {"type": "line", "x0": label, "x1": label, "y0": 0, "y1": 1, "layer": "below", "line": LINE}
    return runs | _where(trace)


def shaded(figure: dict, labels: Container[str]) -> dict:
    """The figure with a shade behind the points of what is whose label is among `labels`; neighbours share one."""
    found, layout = [], figure["layout"]
    for trace in figure["data"]:
        if trace["meta"]["role"] != "ac":
            continue
        at = [place for place, label in enumerate(trace["x"]) if label in labels]
        for place in at:
            if found and found[-1]["xref"] == _where(trace)["xref"] and found[-1]["x1"] == place - 0.5:
                found[-1]["x1"] = place + 0.5
            else:
                found.append(_shade(trace, place))
    if not found:
        return figure
    return figure | {"layout": layout | {"shapes": [*layout.get("shapes", []), *found]}}


def _shade(trace: dict, place: int) -> dict:
    """Places count from nought along an axis of words."""
    runs = {"type": "rect", "name": "season", "x0": place - 0.5, "x1": place + 0.5, "y0": 0, "y1": 1}
    return runs | {"layer": "below", "fillcolor": SHADE, "line": {"width": 0}} | _where(trace)
