"""How people sign in, and by what door they come, as the office's settings have it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cli.context import words

if TYPE_CHECKING:
    from fastapi import FastAPI

    from board.oidc_provider import Provider
    from board.signing_in import SignIn
    from flows.office import OpenOffice
    from flows.server_door import Door


def sign_in_of(office: OpenOffice, provider: Provider | None = None) -> SignIn | None:
    """Return the office's sign-in; None where whoever sits at this machine is let in."""
    from board.oidc_sign_in import PATH
    from board.signing_in import SignIn
    from notifications.mail_settings import mail_settings_from
    from storage.sign_in_policy import SignInPolicy

    settings = office.settings
    if not settings.sign_in.required:
        return None
    return SignIn(
        engine=office.engine,
        organisation_id=office.organisation_id,
        keys=office.keys,
        clock=office.now,
        policy=SignInPolicy(idle=settings.sign_in.idle, whole=settings.sign_in.lasts),
        secure=urlsplit(settings.base_url).scheme == "https",
        mail_domain=mail_settings_from(settings.mail).domain,
        other_ways=((PATH, words("oidc_button", name=provider.name)),) if provider else (),
    )


def provider_of(office: OpenOffice) -> Provider | None:
    """Return the identity provider people may sign in at besides; None for none."""
    from board.oidc_provider import Provider

    named = office.settings.sign_in
    if not named.required or named.oidc is None:
        return None
    return Provider(named.oidc, clock=lambda: office.now().timestamp())


def door_of(office: OpenOffice, board: FastAPI) -> Door:
    """Return by what way the board and the flow UI are reached."""
    from board.flow_door import flow_door
    from flows.server_door import Door

    return Door.of(office.settings, flow_door(board))
