"""Above the blocks of Technology's board: the sources that give nothing, to be talked about in its section."""

from metrics import feed_lights
from metrics.web.board_strips import Strip, tells
from reviewhub.people.permissions import may


@tells("technology")
def silent_sources(user, on) -> Strip | None:
    """Nothing where every source answers."""
    found = feed_lights.silent(user)
    if not found:
        return None
    sees_all = may(user, "submission.read_any") or None in user.abilities.get("people.manage", ())
    told = [(feed, sees_all or may(user, "submission.edit", feed.department)) for feed in found]
    return Strip("metrics/_silent_sources.html", {"feeds": told})
