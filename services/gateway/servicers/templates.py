"""TemplateService: starting points, shipped and of owners."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

import grpc
from google.protobuf.field_mask_pb2 import FieldMask
from hatchery.gateway.v1 import template_service_pb2 as pb
from hatchery.gateway.v1.template_service_pb2 import Template
from hatchery.gateway.v1.template_service_pb2_grpc import TemplateServiceServicer

from services.gateway.identity.callers import caller
from services.gateway.names import Owner, template_id, template_name
from services.gateway.servicers.pages import Place, page_size, page_token, place
from services.gateway.store.templates import TemplateRow, Templates
from services.gateway.templates.lookup import find, told
from services.gateway.templates.shipped import shipped
from services.runtime.errors import (
    EtagMismatch,
    InvalidField,
    ResourceNotFound,
    TemplateExists,
    TemplateShipped,
)

Context = grpc.aio.ServicerContext[Any, Any]

_VALUES = ("title", "description", "llm_model", "portrait")
# Places in the list before those of anybody's own.
_LATEST = dt.datetime.max.replace(tzinfo=dt.UTC)


class TemplateServicer(TemplateServiceServicer):
    """The RPCs of templates."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    async def ListTemplates(
        self, request: pb.ListTemplatesRequest, context: Context
    ) -> pb.ListTemplatesResponse:
        """Reads a page of templates."""
        size, before = page_size(request.page_size), place(request.page_token)
        found = [one for one in _shipped() if before is None or one[0] < before]
        rows = await self._templates.page(caller(), before, size + 1)
        found += [((row.create_time, row.place), told(row)) for row in rows]
        last = found[size - 1][0] if len(found) > size else None
        return pb.ListTemplatesResponse(
            templates=[template for _, template in found[:size]],
            next_page_token=page_token(*last) if last else "",
        )

    async def GetTemplate(self, request: pb.GetTemplateRequest, context: Context) -> Template:
        """Reads one template."""
        return await find(self._templates, caller(), request.name)

    async def CreateTemplate(self, request: pb.CreateTemplateRequest, context: Context) -> Template:
        """Keeps a template, unless there is another one of that id."""
        owner, id_ = caller(), request.template_id
        content = _content(request.template)
        if id_ in shipped():
            raise TemplateExists(f"{id_} comes with Hatchery: call yours something else")
        newest = await self._templates.newest(owner, id_)
        if newest and not newest.delete_time:
            row: TemplateRow | None = newest
        else:
            version = newest.version + 1 if newest else 1
            row = await self._templates.add(owner, id_, version, content, new=True)
            # Somebody was faster.
            row = row or await self._templates.version(owner, id_, version)
        if row and row.content == content:
            return told(row)
        raise TemplateExists(
            f"there is another template called {id_}: call this one something else"
        )

    async def UpdateTemplate(self, request: pb.UpdateTemplateRequest, context: Context) -> Template:
        """Makes a new version."""
        owner, (id_, asked) = caller(), template_id(request.template.name)
        if not id_ or asked:
            raise InvalidField({"template.name": "must be a template's name without a version"})
        newest = await self._own(owner, id_)
        _check_etag(newest, request.template.etag)
        changed = Template.FromString(newest.content)
        FieldMask(paths=_paths(request.update_mask.paths)).MergeMessage(
            request.template, changed, replace_message_field=True
        )
        version = newest.version + 1
        row = await self._templates.add(owner, id_, version, _content(changed), new=False)
        if row is None:
            raise _changed()
        return told(row)

    async def DeleteTemplate(self, request: pb.DeleteTemplateRequest, context: Context) -> Template:
        """Takes it off the list."""
        owner, (id_, _) = caller(), template_id(request.name)
        newest = await self._own(owner, id_)
        _check_etag(newest, request.etag)
        row = await self._templates.delete(owner, id_, newest.version)
        if row is None:
            raise _changed()
        return told(row)

    async def _own(self, owner: Owner, id_: str) -> TemplateRow:
        """The newest version of a template that its owner can change."""
        newest = await self._templates.newest(owner, id_)
        if newest is None or newest.delete_time:
            if id_ in shipped():
                raise TemplateShipped("it comes with Hatchery: make one of your own from it")
            raise ResourceNotFound(template_name(id_))
        return newest


def _shipped() -> Sequence[tuple[Place, Template]]:
    return [
        ((_LATEST - dt.timedelta(seconds=index), uuid.UUID(int=0)), template)
        for index, template in enumerate(shipped().values())
    ]


def _content(template: Template) -> bytes:
    """The values of a template, without what its row knows. Raises InvalidField."""
    missing = [name for name in ("title", "description") if not getattr(template, name)]
    if missing:
        raise InvalidField({f"template.{name}": "must not be empty" for name in missing})
    kept = Template()
    FieldMask(paths=list(_VALUES)).MergeMessage(template, kept)
    return kept.SerializeToString(deterministic=True)


def _paths(paths: Sequence[str]) -> list[str]:
    unknown = [path for path in paths if path not in _VALUES]
    if unknown:
        raise InvalidField({"update_mask": f"must name some of {', '.join(_VALUES)}"})
    return list(paths) or list(_VALUES)


def _check_etag(row: TemplateRow, etag: str) -> None:
    if etag and etag != str(row.version):
        raise _changed()


def _changed() -> EtagMismatch:
    return EtagMismatch("it was changed meanwhile: read it again, and repeat the change")
