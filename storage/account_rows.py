"""The tables of signing in: accounts, sessions, one-time links, attempts, and the record of changes.

No row holds a secret: of a session's token its digest is kept, a password stands as its argon2id hash, and
a one-time link's token is signed by the office's keys, which are not in the database. Whoever steals the
database or a backup signs in as nobody.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Base, Id, OrganisationId


class AccountRow(Base):
    """A person of the directory who may sign in; who has no row may not."""

    __tablename__ = "account"
    __table_args__ = (
        UniqueConstraint("organisation_id", "person"),
        UniqueConstraint("organisation_id", "oidc_issuer", "oidc_subject", name="uq_account_subject"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    person: Mapped[str]
    password_hash: Mapped[str | None]
    """As argon2id writes it (PHC string); None until its person has set a password."""
    password_changed_at: Mapped[datetime | None]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    locked_at: Mapped[datetime | None]
    """Since when the administrator keeps it shut."""
    oidc_issuer: Mapped[str | None]
    oidc_subject: Mapped[str | None]
    """Who the person is to the identity provider, once they have signed in through it."""


class SessionRow(Base):
    """A session, from signing in until it is ended, has idled too long or is over."""

    __tablename__ = "account_session"
    __table_args__ = (
        UniqueConstraint("digest"),
        Index("ix_account_session_person", "organisation_id", "person", "over_at"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    person: Mapped[str]
    digest: Mapped[str]
    """Of its token, which its person's browser alone has."""
    way: Mapped[str]
    """By what it was begun: "password", "link", "oidc"."""
    address: Mapped[str]
    made_at: Mapped[datetime]
    last_seen: Mapped[datetime]
    over_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class OneTimeLinkRow(Base):
    """A link that lets a person set a password once. ``until`` is empty until its letter was posted."""

    __tablename__ = "account_link"
    __table_args__ = (
        CheckConstraint("cause IN ('first', 'invited', 'reset')", name="cause"),
        Index("ix_account_link_person", "organisation_id", "person", "made_at"),
        Index("ix_account_link_letter_id", "letter_id"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    person: Mapped[str]
    cause: Mapped[str]
    by: Mapped[str]
    made_at: Mapped[datetime]
    until: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    void_at: Mapped[datetime | None]
    """Since when it is good for nothing: a password was set by another way, or the account was locked."""
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letter.id"))


class SignInAttempt(Base):
    """One attempt to sign in: what rates are limited by, and the record of sign-ins.

    ``account`` is a keyed digest of the name typed: people type passwords into that field.
    """

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index("ix_sign_in_attempt_account", "organisation_id", "account", "id"),
        Index("ix_sign_in_attempt_address", "organisation_id", "address", "at"),
        Index("ix_sign_in_attempt_person", "organisation_id", "person", "id"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    account: Mapped[str]
    person: Mapped[str | None]
    address: Mapped[str]
    at: Mapped[datetime]
    outcome: Mapped[str]
    """"begun" until it is known (a process that died leaves it so, and it counts as failed)."""


class AccountEvent(Base):
    """What was done to an account, by whom. Append-only."""

    __tablename__ = "account_event"
    __table_args__ = (Index("ix_account_event_person", "organisation_id", "person", "id"),)

    id: Mapped[Id]
    organisation_id: Mapped[OrganisationId]
    person: Mapped[str]
    kind: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
