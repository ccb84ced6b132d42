"""The timetable as Prefect deployments, for an office whose flows run on workers of their own.

A deployment names its flow by module, so any worker with dondoc installed runs it and no path of
this machine stands in it. It carries no parameters: what is to be done stands in the database.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flows.timetable import TIME_ZONE, TIMETABLE, Entry, load

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.deployments.runner import RunnerDeployment

TAG = "dondoc"
"""Marks our deployments, so that one that left the table is found and removed, and no other is."""


def register(work_pool: str, entries: Iterable[Entry] = TIMETABLE) -> tuple[str, ...]:
    """Make the deployments at the Prefect API those of the table; return their full names.

    The work pool is made, for processes, where there is none of that name. Registering again
    changes what changed. Deployments of ours that are in no line of the table are removed.
    """
    from prefect import get_client

    made = tuple(deployment_of(entry) for entry in entries)
    with get_client(sync_client=True) as client:
        _ensure_pool(client, work_pool)
        for deployment in made:
            deployment.apply(work_pool_name=work_pool)
        _remove_others(client, {deployment.name for deployment in made})
    return tuple(deployment.full_name for deployment in made)


def deployment_of(entry: Entry) -> RunnerDeployment:
    """Return the deployment of one line: its cron in the office's time zone, never two runs at once."""
    from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
    from prefect.deployments.runner import RunnerDeployment
    from prefect.schedules import Cron
    from prefect.types.entrypoint import EntrypointType

    return RunnerDeployment.from_flow(
        load(entry),
        name=entry.key,
        schedule=Cron(entry.cron, timezone=TIME_ZONE, slug=entry.key),
        # A run that comes while another is at work has nothing to add: that one does it all.
        concurrency_limit=ConcurrencyLimitConfig(
            limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW
        ),
        description=entry.why,
        tags=[TAG],
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


def _ensure_pool(client: SyncPrefectClient, name: str) -> None:
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.exceptions import ObjectAlreadyExists

    try:
        client.create_work_pool(WorkPoolCreate(name=name, type="process"))
    except ObjectAlreadyExists:
        return


def _remove_others(client: SyncPrefectClient, names: set[str]) -> None:
    from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterTags

    ours = DeploymentFilter(tags=DeploymentFilterTags(all_=[TAG]))
    for deployment in client.read_deployments(deployment_filter=ours):
        if deployment.name not in names:
            client.delete_deployment(deployment.id)
