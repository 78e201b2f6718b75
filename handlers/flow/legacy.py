"""Old tables of steps as routes, until every feature declares its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from handlers.flow.channel import Attachment, Reply, Screen
from handlers.flow.context import Context
from handlers.flow.next import Next
from handlers.flow.press import Press
from handlers.flow.rights import EVERYBODY
from handlers.flow.routes import ROUTES, NoArguments, Route

Said = tuple[str, ...]
View = Callable[[Context, Press, Said], Screen | None]
Deed = Callable[[Context, Press, Said], Next | Reply | None]
Take = Callable[[Context, Press, Said, str], Next | Reply | None]
TakePhoto = Callable[[Context, Press, Said, Attachment], Next | None]


@dataclass(frozen=True, slots=True)
class Steps:
    """An old table."""

    views: Mapping[str, View]
    deeds: Mapping[str, Deed] = field(default_factory=dict)
    takes: Mapping[str, Take] = field(default_factory=dict)
    photos: Mapping[str, TakePhoto] = field(default_factory=dict)
    asking: frozenset[str] = frozenset()
    conversing: frozenset[str] = frozenset()
    leaves: Mapping[str, Callable[[Press], Press]] = field(default_factory=dict)


def register(steps: Steps, flow: str) -> None:
    """Make routes of an old table."""
    for key in {*steps.views, *steps.deeds}:
        view, deed = steps.views.get(key), steps.deeds.get(key)
        take, photo = steps.takes.get(key), steps.photos.get(key)
        route: Route[Any] = Route(
            (key,), NoArguments, EVERYBODY, "screen" if view else "action",
            _view(view) if view else None, flow,
            asks=key in steps.asking or key in steps.conversing, converses=key in steps.conversing,
            do=_deed(deed) if deed else None,
            take_text=_take(take) if take else None,
            take_photo=_photo(photo) if photo else None,
            cancel_target=steps.leaves.get(key),
        )  # fmt: skip
        if key in ROUTES:
            raise ValueError(key)
        ROUTES[key] = route


def register_replies(
    act: Callable[[Context, Press], Reply | None], *keys: str, reads: bool = False
) -> None:
    """Make routes of actions that reply themselves."""
    for key in keys:
        ROUTES[key] = Route(
            (key,), NoArguments, EVERYBODY, "action", None, act.__module__,
            do=lambda context, _: act(context, context.here),
        )  # fmt: skip
        READS.update({key} if reads else ())


READS: set[str] = set()


def _view(view: View) -> Callable[[Context, Any], Screen | None]:
    return lambda context, _: view(context, context.here, context.said)


def _deed(deed: Deed) -> Callable[[Context, Any], Next | Reply | None]:
    return lambda context, _: deed(context, context.here, context.said)


def _take(take: Take) -> Callable[[Context, Any, str], Next | Reply | None]:
    return lambda context, _, text: take(context, context.here, context.said, text)


def _photo(take: TakePhoto) -> Callable[[Context, Any, Attachment], Next | None]:
    return lambda context, _, item: take(context, context.here, context.said, item)
