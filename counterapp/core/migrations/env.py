"""How Alembic runs our migrations: on the connection it was handed, inside its transaction, telling of each step."""

from alembic import context

_given = context.config.attributes
context.configure(
    connection=_given["connection"],
    transactional_ddl=False,
    render_as_batch=True,
    on_version_apply=lambda *, step, **_rest: _given["told"](step.up_revision_id),
)
context.run_migrations()
