"""Templates by name: an owner's own, and those that come with Hatchery."""

from hatchery.gateway.v1.template_service_pb2 import Template

from services.gateway.names import Owner, template_id, template_name
from services.gateway.store.templates import TemplateRow, Templates
from services.gateway.templates.shipped import shipped
from services.runtime.errors import ResourceNotFound


async def find(templates: Templates, owner: Owner, name: str) -> Template:
    """The template of a name, in the version that the name asks for. Raises ResourceNotFound."""
    id_, version = template_id(name)
    row = await (
        templates.version(owner, id_, version) if version else templates.newest(owner, id_)
    )
    # Somebody may have had the id before Hatchery came with one.
    if row is not None and (version or not row.delete_time):
        return told(row)
    known = shipped().get(id_)
    if known is None or version not in (0, known.version):
        raise ResourceNotFound(name)
    return known


def told(row: TemplateRow) -> Template:
    """The template that a row holds."""
    template = Template.FromString(row.content)
    template.name, template.version = template_name(row.id), row.version
    template.etag = str(row.version)
    template.create_time.FromDatetime(row.create_time)
    return template
